import * as fc from "fast-check";
import { anySet } from "../permissions/any_set_test.ts";
import type { Permissions } from "../permissions/permissions.ts";
import type { Effect } from "../step.ts";

/** A step of a random plan, and what becomes of it. */
export interface AnyPlannedStep {
  readonly effect: Effect;
  readonly run: Permissions;
  readonly undo: Permissions;
  /** Whether its precondition is asked. */
  readonly check: boolean;
  readonly holds: boolean;
  /** Whether its undo puts something into the scope. */
  readonly undoHolds: boolean;
  readonly commit: boolean;
  readonly goesOn: boolean;
  /** A condition: one that is known when planning, or one that only the run decides. */
  readonly when: "always" | "known never" | "ended" | "fails";
  /** Items of a late list; absent for a step without `for_each`. */
  readonly items?: number;
  readonly atOnce: number;
  /** Whether it starts at once, or after the step before it. */
  readonly atStart: boolean;
  readonly attempts: number;
  /** How many of its attempts fail, in each process. */
  readonly fails: number;
  readonly undoFails: boolean;
  /** Turns of the event loop that it takes. */
  readonly turns: number;
}

export interface AnyRun {
  readonly steps: readonly AnyPlannedStep[];
  readonly finally: readonly AnyPlannedStep[];
  readonly every: boolean;
  /** The number of the operation at which somebody asks for the end, and asks again. */
  readonly stopAt: number;
  readonly stopAgainAt: number;
  /** Lines of the journal after which the process is taken for killed, to be resumed or undone. */
  readonly killedAfter: number;
  readonly then: "resume" | "undo";
}

const often = <T>(usual: T, ...others: T[]) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(usual) }, {
    weight: others.length,
    arbitrary: fc.constantFrom(...others),
  });

const anyStep: fc.Arbitrary<AnyPlannedStep> = fc.record({
  effect: fc.constantFrom<Effect>("none", "reversible", "reversible", "irreversible"),
  run: anySet,
  undo: anySet,
  check: fc.boolean(),
  holds: often(false, true),
  undoHolds: often(false, true),
  commit: often(false, true),
  goesOn: often(false, true),
  when: often<AnyPlannedStep["when"]>("always", "known never", "ended", "fails"),
  items: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined, freq: 4 }),
  atOnce: fc.integer({ min: 1, max: 3 }),
  atStart: often(false, true),
  attempts: fc.integer({ min: 1, max: 2 }),
  fails: often(0, 1, 2),
  undoFails: often(false, true),
  turns: fc.integer({ min: 0, max: 3 }),
}).map(({ items, ...step }) => items === undefined ? step : { ...step, items });

/** Any run of any plan. */
export const anyRun: fc.Arbitrary<AnyRun> = fc.record({
  steps: fc.array(anyStep, { minLength: 1, maxLength: 6 }),
  finally: fc.array(anyStep, { maxLength: 2 }),
  every: often(false, true),
  stopAt: fc.integer({ min: 1, max: 60 }),
  stopAgainAt: fc.integer({ min: 1, max: 100 }),
  killedAfter: fc.nat({ max: 30 }),
  then: fc.constantFrom("resume", "undo"),
});
