import type { RunTimes, Span } from "../execute/step_windows.ts";

/** Who may have done something of which the second is known. */
export interface AtWork {
  /** Ids of the planned steps that ran or were undone in any of these seconds, in the plan's order. */
  during(seconds: readonly number[]): readonly string[];
  /**
   * Whether a phase of a step may have been at work in any of these seconds. Every step may before
   * the first one starts, when preconditions are asked for, and after the last one ended, when what
   * steps left alive is ended.
   */
  mayBe(step: string, phase: "run" | "undo", seconds: readonly number[]): boolean;
}

/** Milliseconds that a log of whole seconds leaves open. */
const second = 1000;

/**
 * Answers from the times of a run. Careful to say yes: a step that holds something is at work until
 * its process ends, and a second belongs to everybody who was at work in a part of it.
 */
export function atWork(
  steps: readonly { readonly id: string; readonly holds: boolean }[],
  { processes, windows }: RunTimes,
): AtWork {
  const holds = new Set(steps.filter((step) => step.holds).map(({ id }) => id));
  const endOf = (from: number) =>
    processes.find(({ to }) => to === undefined || to >= from)?.to ?? Infinity;
  const spans = windows.map(({ step, phase, from, to }) => {
    const id = plannedId(step, steps);
    const until = to === undefined || (phase === "run" && holds.has(id)) ? endOf(from) : to;
    return { id, phase, from, to: until };
  });
  const around = processes.flatMap(({ from, to = Infinity }): Span[] => {
    const own = windows.filter((window) => window.from >= from && window.from <= to);
    if (own.length === 0) return [{ from: from - second, to }];
    const ends = own.map((window) => window.to ?? to).filter((end) => end <= to);
    return [
      { from: from - second, to: Math.min(...own.map((window) => window.from)) },
      { from: Math.max(from, ...ends), to },
    ];
  });
  return {
    during: (seconds) =>
      steps.map(({ id }) => id).filter((id) =>
        spans.some((span) => span.id === id && seconds.some((at) => overlaps(span, at)))
      ),
    mayBe: (step, phase, seconds) =>
      seconds.some((at) =>
        around.some((span) => overlaps(span, at)) ||
        spans.some((span) => span.id === step && span.phase === phase && overlaps(span, at))
      ),
  };
}

/** The planned step that an id of the journal belongs to: items are called `<id>.<n>`. */
export function plannedId(id: string, steps: readonly { readonly id: string }[]): string {
  return steps.some((step) => step.id === id) ? id : id.replace(/\.\d+$/, "");
}

function overlaps({ from, to = Infinity }: Span, at: number): boolean {
  return from < at + second && to >= at;
}
