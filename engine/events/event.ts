/**
 * What a run tells: versioned facts without colour. Sinks present them. Strings in them are masked
 * before an event leaves the process.
 *
 * @module
 */
import type { ProgressUnit } from "./progress_unit.ts";
import type { ErrorRecord, ExitCode } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import type { RunBox } from "../permissions/box/run_box.ts";
import type { ShedLists } from "../permissions/shed_lists.ts";

/** How a run ended. */
export type Outcome =
  | "done"
  | "degraded"
  | "failed"
  | "undone"
  | "interrupted"
  | "timed-out"
  | "refused"
  | "busy";

interface Base {
  readonly v: 1;
  readonly run: string;
  /** ISO 8601, UTC, milliseconds. */
  readonly time: string;
}

/** An event that becomes an APPLIANCE_STEP token; `token` is its sequence over the run, from 1. */
interface TokenBase extends Base {
  /** Id of the step; the token of an undo adds `.undo`. */
  readonly step: string;
  readonly token: number;
}

export type Event =
  | Base & {
    readonly type: "run.started";
    readonly pipeline: string;
    readonly folder: string;
    readonly plan: string;
    readonly resumed: boolean;
    /** What holds the process below Deno; left out by a runner without a launcher. */
    readonly box?: RunBox;
    readonly steps: readonly { readonly id: string; readonly summary: string }[];
  }
  | TokenBase & { readonly type: "step.started"; readonly summary: string }
  | TokenBase & {
    readonly type: "step.done";
    readonly elapsed_s: number;
    readonly facts: JsonObject;
    readonly notes?: string;
    readonly artifact?: string;
  }
  | TokenBase & { readonly type: "step.skipped"; readonly notes: string }
  | TokenBase & {
    readonly type: "step.failed";
    readonly elapsed_s: number;
    readonly error: ErrorRecord;
    /** The run goes on all the same (`on_failure: continue`). */
    readonly continued: boolean;
    readonly notes?: string;
    readonly artifact?: string;
  }
  | TokenBase & { readonly type: "undo.started" }
  | TokenBase & {
    readonly type: "undo.done";
    readonly elapsed_s: number;
    readonly notes?: string;
    readonly artifact?: string;
  }
  | TokenBase & {
    readonly type: "undo.failed";
    readonly elapsed_s: number;
    readonly error: ErrorRecord;
    readonly notes?: string;
    readonly artifact?: string;
  }
  | Base & {
    readonly type: "step.retrying";
    readonly step: string;
    /** The attempt that failed, from 1. */
    readonly attempt: number;
    readonly delay_ms: number;
    readonly error: ErrorRecord;
  }
  | Base & {
    readonly type: "note";
    readonly step: string;
    readonly text: string;
    /** That something is not as it should be, and the run goes on. */
    readonly severity?: "warning";
  }
  | Base & {
    readonly type: "progress";
    readonly step: string;
    readonly done: number;
    readonly total?: number;
    readonly unit: ProgressUnit;
    readonly label?: string;
  }
  | Base & { readonly type: "artifact"; readonly step: string; readonly path: string }
  /** What the process has given up for good. */
  | Base & {
    readonly type: "shed";
    /** The step whose end, commit or undo let it go; absent where a part of the run began. */
    readonly step?: string;
    readonly grants: ShedLists;
  }
  /** A line that a program printed. */
  | Base & {
    readonly type: "output";
    readonly step: string;
    readonly program: string;
    readonly stream: "stdout" | "stderr";
    readonly text: string;
  }
  /** All steps of a pipeline with `stay` have ended; it goes on until it is told to end. */
  | Base & { readonly type: "run.up" }
  /** One repetition of a pipeline with `every` ended; the run goes on. */
  | Base & {
    readonly type: "cycle.finished";
    /** From 1. */
    readonly cycle: number;
    readonly outcome: Outcome;
    readonly exit: ExitCode;
    readonly failure?: { readonly step: string; readonly error: ErrorRecord };
  }
  | Base & {
    readonly type: "run.finished";
    readonly outcome: Outcome;
    readonly exit: ExitCode;
    readonly elapsed_s: number;
    /** The failure that decided, if any. */
    readonly failure?: { readonly step: string; readonly error: ErrorRecord };
    /** Failures of undo, if any. */
    readonly undo_failures?: readonly { readonly step: string; readonly error: ErrorRecord }[];
    /** Only this process has ended: `sluice resume` goes on with the run. */
    readonly suspended?: true;
  };

export type EventType = Event["type"];
