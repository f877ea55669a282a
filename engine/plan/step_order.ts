import type { Document, DocumentStep, Placed } from "../document/document.ts";
import { didYouMean } from "../document/suggest.ts";
import { ancestors, findCycles } from "./graph.ts";
import type { Report } from "./report.ts";

/** What comes before what, in one pipeline, by the ids of its own text. */
export interface StepOrder {
  /** What each step names under `needs`, or else the step before it. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
  /** All that has ended whenever the step starts. Those of `finally`: without the main steps. */
  before(id: string): ReadonlySet<string>;
  /** All that certainly starts after the step has ended, `finally` included for a main step. */
  after(id: string): ReadonlySet<string>;
}

/** Reads the order of a pipeline's steps; reports needs that name no step of theirs, and cycles. */
export function orderSteps(document: Document, report: Report): StepOrder {
  const main = ids(document.steps);
  const last = ids(document.finally);
  const needs = new Map<string, readonly string[]>();
  for (
    const [steps, own, others] of [
      [document.steps, main, last],
      [document.finally, last, main],
    ] as const
  ) {
    for (const [index, step] of steps.entries()) {
      const previous = steps[index - 1]?.id.value;
      const known = step.needs?.value.filter((need) => isKnown(need, step, own, others, report));
      const before = known?.map(({ value }) => value) ?? (previous === undefined ? [] : [previous]);
      // An id that is taken is a fault of its own; with both steps' needs it would be in a circle.
      if (!needs.has(step.id.value)) needs.set(step.id.value, [...new Set(before)]);
    }
    reportCycles(steps, needs, report);
  }
  const afterAll = new Map([...needs].map(([id]) => [id, [] as string[]]));
  for (const [id, before] of needs) for (const need of before) afterAll.get(need)?.push(id);
  return {
    needs,
    before: (id) => without(ancestors(needs, id), id),
    after: (id) =>
      without(new Set([...ancestors(afterAll, id), ...main.includes(id) ? last : []]), id),
  };
}

function ids(steps: readonly DocumentStep[]): readonly string[] {
  return steps.map((step) => step.id.value);
}

function without(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return set.has(id) ? new Set([...set].filter((each) => each !== id)) : set;
}

function isKnown(
  { value: need, span }: Placed<string>,
  step: DocumentStep,
  own: readonly string[],
  others: readonly string[],
  report: Report,
): boolean {
  if (own.includes(need)) return true;
  const name = JSON.stringify(need);
  if (others.includes(need)) {
    report.error(
      "bad-need",
      span,
      `${JSON.stringify(step.id.value)} cannot need ${name}: one of them stands under finally`,
      "needs names steps of the same list; what stands under finally runs after all others",
    );
    return false;
  }
  const outer = need.split(".")[0]!;
  const hint = outer !== need && own.includes(outer)
    ? `write ${JSON.stringify(outer)}: it waits for all that is included`
    : didYouMean(need, own.filter((id) => id !== step.id.value));
  report.error("unknown-need", span, `there is no step ${name} to need`, hint);
  return false;
}

function reportCycles(
  steps: readonly DocumentStep[],
  needs: ReadonlyMap<string, readonly string[]>,
  report: Report,
): void {
  const nodes = steps.map(({ id }) => ({ id: id.value, needs: needs.get(id.value) ?? [] }));
  for (const cycle of findCycles(nodes)) {
    const first = steps.find(({ id }) => id.value === cycle[0])!;
    const message = cycle.length === 2
      ? `${JSON.stringify(cycle[0])} needs itself`
      : `these steps need each other in a circle: ${cycle.join(" → ")}`;
    report.error("cycle", first.needs?.span ?? first.id.span, message, "remove one of these needs");
  }
}
