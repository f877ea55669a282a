/**
 * Runs whose process dies after any line of its journal, in a world that remembers what was done to it;
 * for the tests of what goes on with them.
 *
 * @module
 */
import { BusyError, FailedError } from "../errors.ts";
import type { JournalEntry } from "../journal/entry.ts";
import type { AnyStep, StepContext } from "../step.ts";
import {
  type MemoryJournal,
  memoryJournal,
  pathTo,
  type PlanParts,
  runPlan,
  testStep,
} from "./test_bed.ts";

/** Options of a run that goes on with a journal, or undoes what it tells of. */
export const resume = { mode: { kind: "resume", again: false } } as const;
export const undo = { mode: { kind: "undo" } } as const;

/** A world of which steps make parts, and what they did to it, in order. */
export function makeWorld() {
  const present = new Set<string>();
  const log: string[] = [];
  const kind = (name: string, effect: "none" | "reversible" | "irreversible") =>
    testStep({
      name,
      effect,
      run: (_, { id }) => {
        log.push(`do ${id}`);
        if (effect !== "none") present.add(id);
        return { id, list: ["x", "y"] };
      },
      undo: (_, _facts, { id }) => {
        log.push(`undo ${id}`);
        present.delete(id);
      },
    });
  const steps = [
    kind("w.read", "none"),
    kind("w.make", "reversible"),
    kind("w.send", "irreversible"),
    testStep({
      name: "w.fail",
      run: () => {
        throw new FailedError("no");
      },
    }),
    testStep({ name: "w.lock", holds: true, run: (_, { id }) => void log.push(`do ${id}`) }),
  ];
  return { present, log, steps };
}

/** The steps of a world with a lock that others may have. */
export function withLock(
  { log, steps }: ReturnType<typeof makeWorld>,
  isBusy: (ctx: StepContext) => boolean,
): readonly AnyStep[] {
  const lock = testStep({
    name: "w.lock",
    holds: true,
    run: (_, ctx) => {
      if (isBusy(ctx)) throw new BusyError("held by 7");
      log.push(`do ${ctx.id}`);
    },
  });
  return [...steps.filter(({ name }) => name !== "w.lock"), lock];
}

/** Runs a plan in a process that dies when it has written `lines` lines. */
export async function dieAfter(
  lines: number,
  parts: PlanParts,
  steps: readonly AnyStep[],
  options: { journal?: MemoryJournal; mode?: typeof resume.mode | typeof undo.mode } = {},
): Promise<{ entries: readonly JournalEntry[]; ended: boolean }> {
  const memory = options.journal ?? memoryJournal();
  const before = memory.entries.length;
  const dead = Promise.withResolvers<"dead">();
  const journal = {
    entries: [...memory.entries],
    append(...line: Parameters<MemoryJournal["append"]>): Promise<void> {
      if (memory.entries.length - before < lines) return memory.append(...line);
      dead.resolve("dead");
      return new Promise(() => {}); // Nothing goes on in a process that is dead.
    },
    turn: () => Promise.resolve(),
    giveUp: () => memory.giveUp(),
  };
  const { mode = { kind: "run" } as const } = options;
  const ended = await Promise.race([runPlan(parts, steps, { journal, mode }), dead.promise]);
  return { entries: memory.entries, ended: ended !== "dead" };
}

/** The list that the step `D` finds, when it has run. */
export const listOfD = pathTo("steps", "D", "list");

/** Reads, makes parts beside each other, then one for each of a late list. */
export const goodPlan: PlanParts = {
  steps: [
    { id: "A", uses: "w.read" },
    { id: "B", uses: "w.make" },
    { id: "C", uses: "w.make", needs: ["A"] },
    { id: "D", uses: "w.read", needs: ["B", "C"] },
    { id: "F", uses: "w.make", for_each: listOfD, max_parallel: 2 },
  ],
  finally: [{ id: "Z", uses: "w.read" }],
};

/** The same with a step at its end that fails. */
export const failingPlan: PlanParts = {
  ...goodPlan,
  steps: [...goodPlan.steps, { id: "E", uses: "w.fail" }],
};
