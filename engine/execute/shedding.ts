import { makeShedding, type Need, type Shed } from "../permissions/shed.ts";
import { shedLists } from "../permissions/shed_lists.ts";
import type { PlannedStep } from "../plan/plan.ts";
import type { ExecuteHost } from "./host.ts";
import type { Ledger } from "./ledger.ts";
import type { PreparedPlan } from "./prepare.ts";
import type { Recorder } from "./recorder.ts";
import type { RunScope } from "./run_scope.ts";

/**
 * Gives up, while a pass goes on, what no later part of the run can need. What stays is what the
 * steps need that have not ended, the undos that stand and are not released, what steps left alive,
 * `finally`, and the engine. Judged from the ledger, and so to be told after the line in the journal.
 *
 * A pipeline that repeats needs all of it again, until somebody has asked for its end; then only
 * what its conditions leave out in every pass is given up.
 */
export interface PassShedding {
  /**
   * A step, all its items too, has ended: nothing starts it again in this pass.
   *
   * @param committed whether it has released the undos before it
   */
  ended(step: PlannedStep, committed: boolean): void;
  /** A condition that is the same in every pass leaves a step out. */
  leftOut(step: PlannedStep): void;
  /** The undo of a step, or of an item of it, has ended. */
  undone(step: PlannedStep): void;
  /** The steps are over: undos are left, or not even those. */
  enter(part: "undo" | "finally"): void;
  /** The work of a step goes on although it was told to stop: it keeps what it has. */
  keep(step: PlannedStep): void;
}

/** What following the needs of a run takes. */
export interface SheddingParts {
  readonly prepared: PreparedPlan;
  readonly ledger: Ledger;
  readonly recorder: Recorder;
}

/** What is the same in all passes of a run. */
export interface RunShedding {
  /** Follows a pass. */
  follow(scope: RunScope): PassShedding;
}

/** Begins with everything that the plan needs; does nothing for a host that cannot shed. */
export function makeRunShedding(parts: SheddingParts, host: ExecuteHost): RunShedding {
  const { prepared: { plan }, recorder } = parts;
  if (host.shed === undefined) return { follow: () => keepsAll };
  const shedding = makeShedding(plan, { run: host.run.folder, programs: host.programs });
  const update = (needs: readonly (readonly [string, Need])[], step: string | undefined) => {
    const shed = shedding.update(needs);
    if (shed.grants.length > 0 || shed.brokered.length > 0) tell(shed, step);
  };
  const tell = (shed: Shed, step: string | undefined) => {
    const faults = host.shed!(shed);
    recorder.emit({
      type: "shed",
      ...(step === undefined ? {} : { step }),
      grants: shedLists(shed),
    });
    for (const text of faults) recorder.emit({ type: "note", step: step ?? "shed", text });
  };
  return { follow: (scope) => followPass({ ...parts, scope, update }, host) };
}

const keepsAll: PassShedding = {
  ended() {},
  leftOut() {},
  undone() {},
  enter() {},
  keep() {},
};

const nothing: Need = { run: false, undo: false };

function followPass(
  { prepared, ledger, scope, update }: SheddingParts & {
    readonly scope: RunScope;
    update(needs: readonly (readonly [string, Need])[], step: string | undefined): void;
  },
  host: ExecuteHost,
): PassShedding {
  const { plan, stepOf, isFinal } = prepared;
  let part: "steps" | "undo" | "finally" = "steps";
  const ended = new Set<PlannedStep>();
  const unsettled = new Set<PlannedStep>();
  /** Have ended, and need something all the same. */
  const standing = new Set<PlannedStep>();
  /** Ended while nothing was shed. */
  const unjudged = new Set<PlannedStep>();

  const repeats = () =>
    plan.every !== undefined && host.mode.kind !== "undo" && !host.signal.aborted;
  /** An undo that was asked for has no `finally` after it. */
  const isAhead = (step: PlannedStep) =>
    !ended.has(step) &&
    (isFinal(step)
      ? host.mode.kind !== "undo" && ledger.undoing?.reason !== "requested"
      : part === "steps");
  const stands = (step: PlannedStep) => {
    if (step.effect !== "reversible" || isFinal(step) || part === "finally") return false;
    const { completed, broken } = ledger;
    if (step.for_each === undefined) return completed.has(step.id) || broken.has(step.id);
    return [...completed, ...broken].some((id) => stepOf(id) === step);
  };
  const needOf = (step: PlannedStep): Need => {
    if (unsettled.has(step) || isAhead(step)) return { run: true, undo: true };
    const held = scope.holders().filter((holder) => stepOf(holder.step) === step);
    return {
      run: held.some((holder) => holder.part === "run"),
      undo: stands(step) || held.some((holder) => holder.part === "undo"),
    };
  };
  const judge = (steps: Iterable<PlannedStep>, id: string | undefined) => {
    for (const step of steps) unjudged.add(step);
    if (repeats()) return;
    const needs = [...unjudged].map((step) => [step, needOf(step)] as const);
    unjudged.clear();
    for (const [step, need] of needs) {
      if (need.run || need.undo) standing.add(step);
      else standing.delete(step);
    }
    update(needs.map(([step, need]) => [step.id, need] as const), id);
  };

  return {
    ended(step, committed) {
      ended.add(step);
      judge(committed ? [step, ...standing] : [step], step.id);
    },
    leftOut: (step) => update([[step.id, nothing]], step.id),
    undone: (step) => judge([step], step.id),
    enter(next) {
      part = next;
      judge([...plan.steps, ...plan.finally], undefined);
    },
    keep: (step) => void unsettled.add(step),
  };
}
