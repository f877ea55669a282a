/**
 * A small world in which tests execute plans: steps made of closures, a journal in memory or a real
 * one, and everything that was told.
 *
 * @module
 */
import * as v from "valibot";
import type { Event } from "../events/event.ts";
import { Masker } from "../events/masker.ts";
import type { JsonObject } from "../json.ts";
import type { JournalEntry, JournalRecord } from "../journal/entry.ts";
import { none } from "../permissions/permissions.ts";
import { digestOf } from "../plan/digest.ts";
import type { Plan, PlannedStep, Template } from "../plan/plan.ts";
import { makeRegistry } from "../registry.ts";
import type { AnyStep, Effect, StepContext } from "../step.ts";
import { execute } from "./execute.ts";
import type { ExecuteHost, RunJournal } from "./host.ts";
import type { RunEnd } from "./outcome.ts";
import { systemClock } from "./system_clock.ts";

/** A journal that is gone with the test. */
export interface MemoryJournal extends RunJournal {
  readonly entries: JournalEntry[];
  /** What was appended with `sync`. */
  readonly synced: JournalRecord[];
  givenUp: boolean;
}

/** @param before the lines of an earlier process */
export function memoryJournal(before: readonly JournalEntry[] = []): MemoryJournal {
  const entries = [...before];
  const synced: JournalRecord[] = [];
  return {
    entries,
    synced,
    givenUp: false,
    append(record, { sync }) {
      const copy = structuredClone(record) as JournalRecord;
      entries.push({ ...copy, seq: entries.length + 1, prev: "", time: "" });
      if (sync) synced.push(copy);
      return Promise.resolve();
    },
    turn: () => Promise.resolve(),
    giveUp() {
      this.givenUp = true;
      return Promise.resolve();
    },
  };
}

export interface TestStep {
  readonly name: string;
  readonly effect?: Effect;
  readonly holds?: true;
  readonly late?: AnyStep["late"];
  readonly facts?: AnyStep["facts"];
  // deno-lint-ignore no-explicit-any
  check?(params: any, ctx: StepContext): Promise<void> | void;
  // deno-lint-ignore no-explicit-any
  run?(input: any, ctx: StepContext): unknown;
  // deno-lint-ignore no-explicit-any
  undo?(input: any, facts: any, ctx: StepContext): Promise<void> | void;
}

/** A step definition of closures; returns no facts and does nothing unless told otherwise. */
export function testStep(step: TestStep): AnyStep {
  const { check, run, undo, ...rest } = step;
  return {
    summary: `Test ${step.name}`,
    params: v.looseObject({}),
    facts: v.looseObject({}),
    example: "",
    permissions: () => ({ run: none }),
    effect: "none",
    ...rest,
    run: async (input: JsonObject, ctx: StepContext) => await run?.(input, ctx) ?? {},
    ...(check &&
      { check: async (params: JsonObject, ctx: StepContext) => await check(params, ctx) }),
    ...(step.effect === "reversible" && {
      undo: async (input: JsonObject, facts: JsonObject | undefined, ctx: StepContext) =>
        await undo?.(input, facts, ctx),
    }),
  } as AnyStep;
}

/** A template that is a whole path. */
export const pathTo = (...path: (string | number)[]): Template => ({
  kind: "path",
  path,
  source: path.join("."),
});

type PartOfStep = Partial<PlannedStep> & { readonly id: string; readonly uses: string };

export interface PlanParts extends Partial<Omit<Plan, "steps" | "finally">> {
  readonly steps: readonly PartOfStep[];
  readonly finally?: readonly PartOfStep[];
}

/** A plan; each step needs the one before it where it does not say. */
export function planOf(parts: PlanParts, steps: readonly AnyStep[]): Plan {
  const span = { file: "test.yaml", line: 1, column: 1, endLine: 1, endColumn: 1 };
  const whole = (part: PartOfStep, index: number, all: readonly PartOfStep[]): PlannedStep => {
    const definition = steps.find(({ name }) => name === part.uses);
    const { id, uses, params = {}, late = {} } = part;
    return {
      summary: `Step ${id}`,
      effect: definition?.effect ?? "none",
      holds: definition?.holds === true,
      span,
      scope: "",
      params,
      late,
      needs: index === 0 ? [] : [all[index - 1]!.id],
      when: [],
      on_failure: "stop",
      commit: false,
      permissions: { run: none, undo: none },
      digest: digestOf({ uses, params }),
      ...part,
    };
  };
  const { steps: main, finally: last = [], ...rest } = parts;
  const plan = {
    schemaVersion: 1,
    name: "test",
    file: "test.yaml",
    params: {},
    secrets: [],
    scopes: [{ prefix: "", params: {} }],
    groups: [],
    ...rest,
    steps: main.map(whole),
    finally: last.map(whole),
  } as const;
  return { ...plan, digest: digestOf({ name: plan.name }) };
}

/** What a run did and told. */
export interface Ran {
  readonly end: RunEnd;
  readonly events: readonly Event[];
  /** One word for each token: `A+` started, `A=` done, `A-` skipped, `A!` failed, `A.undo=` … */
  readonly tokens: string;
  readonly journal: MemoryJournal;
}

export interface RunOptions extends Partial<Omit<ExecuteHost, "journal" | "emit">> {
  readonly journal?: RunJournal;
  /** Sees each event as it comes. */
  onEvent?(event: Event): void;
}

/** Executes a plan in this process, with an empty memory of what came before. */
export async function runPlan(
  parts: PlanParts,
  steps: readonly AnyStep[],
  options: RunOptions = {},
): Promise<Ran> {
  const { onEvent, ...host } = options;
  const events: Event[] = [];
  const journal = options.journal ?? memoryJournal();
  const end = await execute(planOf(parts, steps), makeRegistry(steps), {
    run: { id: "r1", folder: "/nonexistent", pid: 1 },
    mode: { kind: "run" },
    clock: systemClock,
    random: () => 0.5,
    signal: new AbortController().signal,
    programs: {},
    secrets: { env: () => undefined, file: (path) => Deno.readTextFile(path) },
    masker: new Masker(),
    code: "code-1",
    permissions: "sha256:0",
    ...host,
    journal,
    emit(event) {
      events.push(event);
      onEvent?.(event);
    },
  });
  return { end, events, tokens: tokensOf(events), journal: journal as MemoryJournal };
}

const marks: Readonly<Record<string, string>> = {
  "step.started": "+",
  "step.done": "=",
  "step.skipped": "-",
  "step.failed": "!",
  "undo.started": ".undo+",
  "undo.done": ".undo=",
  "undo.failed": ".undo!",
};

export function tokensOf(events: readonly Event[]): string {
  return events.flatMap((event) => "token" in event ? [event.step + marks[event.type]] : [])
    .join(" ");
}
