import type { ErrorRecord } from "../errors.ts";
import type { Failure } from "./failure.ts";
import type { Ledger } from "./ledger.ts";
import type { PreparedPlan } from "./prepare.ts";
import type { RunValues } from "./run_values.ts";
import type { PassShedding } from "./shedding.ts";
import type { World } from "./world.ts";

/** One pass over a plan: a run, or one repetition of a pipeline with `every`. */
export interface Pass {
  readonly prepared: PreparedPlan;
  readonly world: World;
  readonly ledger: Ledger;
  readonly values: RunValues;
  readonly shedding: PassShedding;
  /** Interrupted irreversible steps may run again. */
  readonly again: boolean;
  /** Stops the steps: asked for from outside, or since one of them failed. */
  readonly stop: AbortController;
  /** Of undo and `finally`: stopped only when the end is asked for twice. */
  readonly cleanup: AbortSignal;
  readonly status: PassStatus;
}

/** How the pass stands; written by its parts as they end. */
export interface PassStatus {
  /** The failure that decided. */
  failure?: Failure;
  /** The end was asked for before the steps had ended. */
  interrupted: boolean;
  /** The work of a step goes on although it was told to stop. */
  unsettled: boolean;
  /** A step with `on_failure: continue` failed. */
  degraded: boolean;
  undoFailures: readonly Failure[];
  /** The first failure of a `finally` step. */
  finallyFailure?: Failure;
  /** It cannot go on, and nothing is undone, until a person has done something. */
  suspension?: { readonly error: ErrorRecord; readonly step?: string };
  /** Steps that were run again before the others, since they hold something. */
  readonly held: Set<string>;
}

export function freshStatus(): PassStatus {
  return {
    interrupted: false,
    unsettled: false,
    degraded: false,
    undoFailures: [],
    held: new Set(),
  };
}
