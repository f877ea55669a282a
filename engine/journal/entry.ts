/**
 * The lines of `journal.jsonl`, the truth about a run. Each line is one JSON object with `seq` from 1,
 * `prev`, the SHA-256 of the line before it, in hex (`""` on the first), and last `hash`, that of the
 * line itself up to `,"hash"`.
 *
 * @module
 */
import type { ErrorRecord, ExitCode } from "../errors.ts";
import type { Outcome } from "../events/event.ts";
import type { JsonObject } from "../json.ts";
import type { RunBox } from "../permissions/box/run_box.ts";

/** What is written; the journal adds `seq`, `prev` and `time`. */
export type JournalRecord =
  | {
    readonly type: "run.started";
    readonly v: 1;
    readonly run: string;
    readonly pipeline: string;
    /** Digest of the plan, and of the set the process was launched with. */
    readonly plan: string;
    readonly permissions: string;
    /** Digest of the code that runs the steps: version and modules. */
    readonly code: string;
    readonly box?: RunBox;
    readonly process?: number;
  }
  /**
   * Instead of `run.started` the first line of a journal that was begun anew between two repetitions:
   * all that has to be known of the lines before it.
   */
  | {
    readonly type: "journal.continued";
    readonly v: 1;
    readonly run: string;
    readonly pipeline: string;
    readonly plan: string;
    readonly permissions: string;
    readonly code: string;
    readonly box?: RunBox;
    readonly process?: number;
    /** When the run was started, ISO 8601, and the seconds that it had been at work. */
    readonly started: string;
    readonly worked_s: number;
    /** The last token, and the last repetition, which had ended. */
    readonly token: number;
    readonly cycle: number;
    /** The file of the lines before it, and the SHA-256 of its last line. */
    readonly before: { readonly file: string; readonly head: string };
  }
  | {
    readonly type: "run.resumed";
    readonly code: string;
    /** What holds this process below Deno, and the how manieth of the run it is. */
    readonly box?: RunBox;
    readonly process?: number;
  }
  | {
    readonly type: "step.started";
    readonly step: string;
    /** From 1; grows over resumes. */
    readonly attempt: number;
    readonly token: number;
    /** The planned step's digest, and that of its evaluated late input. */
    readonly digest: string;
    readonly input: string;
    /** The evaluated late input: what undo after a crash is given. */
    readonly late: JsonObject;
  }
  | {
    readonly type: "step.done";
    readonly step: string;
    readonly token: number;
    readonly facts: JsonObject;
    readonly artifact?: string;
  }
  | {
    readonly type: "step.skipped";
    readonly step: string;
    readonly token: number;
    readonly notes: string;
  }
  | {
    readonly type: "step.failed";
    readonly step: string;
    readonly token: number;
    readonly error: ErrorRecord;
    readonly continued: boolean;
  }
  | {
    readonly type: "step.marked-done";
    readonly step: string;
    readonly reason: string;
    readonly actor: string;
    readonly facts: JsonObject;
  }
  /** The undos of all steps completed before this line are released. */
  | { readonly type: "committed"; readonly step: string }
  | { readonly type: "undo.started"; readonly step: string; readonly token: number }
  | { readonly type: "undo.done"; readonly step: string; readonly token: number }
  | {
    readonly type: "undo.failed";
    readonly step: string;
    readonly token: number;
    readonly error: ErrorRecord;
  }
  /** From here on nothing new is done: what was done is undone, then the `finally` steps run. */
  | {
    readonly type: "run.undoing";
    /** `requested` by `sluice undo`: no `finally` step runs after it. */
    readonly reason: "failed" | "interrupted" | "requested";
    readonly failure?: { readonly step: string; readonly error: ErrorRecord };
  }
  /** The process ended in order but the run did not: a person has to decide, then resumes it. */
  | { readonly type: "run.suspended"; readonly error: ErrorRecord }
  /** One repetition of a pipeline with `every`, from 1; steps' lines after it belong to it. */
  | { readonly type: "cycle.started"; readonly cycle: number }
  | {
    readonly type: "cycle.finished";
    readonly cycle: number;
    readonly outcome: Outcome;
    readonly exit: ExitCode;
  }
  | { readonly type: "run.finished"; readonly outcome: Outcome; readonly exit: ExitCode };

/** The first line of a journal that is begun anew, without what the journal itself knows. */
export type Continuation = Omit<
  Extract<JournalRecord, { type: "journal.continued" }>,
  "started" | "worked_s" | "before"
>;

export type JournalEntry = JournalRecord & {
  readonly seq: number;
  readonly prev: string;
  readonly time: string;
};
