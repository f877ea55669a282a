import type { ErrorRecord, ExitCode } from "../errors.ts";
import type { Outcome } from "../events/event.ts";
import type { JsonObject } from "../json.ts";
import type { JournalRecord } from "../journal/entry.ts";
import type { Failure } from "./failure.ts";

/** How a step stands. */
export type StepState = "running" | "done" | "skipped" | "failed" | "undoing" | "undone";

/** What the journal says of one step, or one item of a `for_each`. */
export interface StepRecord {
  readonly state: StepState;
  /** How often it was started, over all processes of the run. */
  readonly attempts: number;
  /** Digest of the planned step and of its late input, and that input, at the last start. */
  readonly digest: string;
  readonly input: string;
  readonly late: JsonObject;
  /** The code that it ran under. */
  readonly code: string;
  /** Present once it was done; undoing keeps them. */
  readonly facts?: JsonObject;
  /** A person said that it is done. */
  readonly marked: boolean;
  /** Where it failed: why, and whether the run went on all the same. */
  readonly failure?: { readonly error: ErrorRecord; readonly continued: boolean };
}

/**
 * What the lines of a journal add up to. Each line is applied once, in order: those of earlier
 * processes when a run is resumed, then every line as it is written. Undo, resume and the outcome
 * are decided from this, and so from nothing that is not on disk.
 */
export interface Ledger {
  apply(record: JournalRecord): void;
  readonly steps: ReadonlyMap<string, StepRecord>;
  /** Steps whose effect stands and is not released by a commit, in order of completion. */
  readonly completed: ReadonlySet<string>;
  /** Steps that began and did not complete, in order of their start. */
  readonly broken: ReadonlySet<string>;
  /** Ids of steps that were undone since the undoing began. */
  readonly undone: ReadonlySet<string>;
  /** The number of the next token. */
  readonly nextToken: number;
  readonly undoing: UndoingRecord | undefined;
  readonly finished: { readonly outcome: Outcome; readonly exit: ExitCode } | undefined;
  /** The last repetition, where the pipeline has `every`. */
  readonly cycle: { readonly number: number; readonly open: boolean } | undefined;
}

/** Why a run is being undone. */
export interface UndoingRecord {
  readonly reason: "failed" | "interrupted" | "requested";
  readonly failure?: Failure;
}

const unknown: StepRecord = {
  state: "running",
  attempts: 0,
  digest: "",
  input: "",
  late: {},
  code: "",
  marked: false,
};

export function makeLedger(records: Iterable<JournalRecord> = []): Ledger {
  const steps = new Map<string, StepRecord>();
  const completed = new Set<string>();
  const broken = new Set<string>();
  const undone = new Set<string>();
  /** Failed in this process without having begun: a precondition or an input. */
  const refused = new Map<string, StepRecord | undefined>();
  /** Done, held something, and were begun again without having ended so far: what they were. */
  const again = new Map<string, StepRecord>();
  let nextToken = 1;
  let code = "";
  let undoing: Ledger["undoing"];
  let finished: Ledger["finished"];
  let cycle: Ledger["cycle"];

  const change = (id: string, changes: Partial<StepRecord>) => {
    steps.set(id, { ...(steps.get(id) ?? unknown), ...changes });
  };
  const complete = (id: string) => {
    broken.delete(id);
    completed.add(id);
  };
  const forget = () => {
    for (const set of [steps, completed, broken, undone, refused, again]) set.clear();
    undoing = undefined;
  };
  /** What could not be held again is what it was: the next process has to hold it before all else. */
  const restore = () => {
    for (const [id, before] of again) {
      steps.set(id, before);
      broken.delete(id);
    }
    again.clear();
  };
  /** A suspended run is no failed one: what failed without an effect is simply tried again. */
  const suspend = () => {
    restore();
    for (const [id, before] of refused) {
      if (before === undefined) steps.delete(id);
      else steps.set(id, before);
    }
    refused.clear();
    for (const [id, step] of steps) {
      if (step.state === "failed" && !step.failure!.continued) change(id, { state: "running" });
    }
  };

  const apply = (record: JournalRecord) => {
    if ("token" in record) nextToken = Math.max(nextToken, record.token + 1);
    switch (record.type) {
      case "run.started":
        code = record.code;
        break;
      case "journal.continued":
        code = record.code;
        cycle = { number: record.cycle, open: false };
        break;
      case "run.resumed":
        code = record.code;
        finished = undefined;
        restore();
        break;
      case "step.started": {
        const { attempt, digest, input, late } = record;
        // What held something and is started again has its place among the completed already.
        if (!completed.has(record.step)) broken.add(record.step);
        const before = steps.get(record.step) ?? unknown;
        const { facts } = before;
        if (before.state === "done") again.set(record.step, before);
        steps.set(record.step, {
          state: "running",
          attempts: attempt,
          digest,
          input,
          late,
          code,
          marked: false,
          ...(completed.has(record.step) && facts !== undefined ? { facts } : {}),
        });
        break;
      }
      case "step.done":
        change(record.step, { state: "done", facts: record.facts });
        again.delete(record.step);
        complete(record.step);
        break;
      case "step.marked-done":
        change(record.step, { state: "done", facts: record.facts, marked: true });
        complete(record.step);
        break;
      case "step.skipped":
        change(record.step, { state: "skipped" });
        break;
      case "step.failed": {
        const { step, error, continued } = record;
        const before = steps.get(step);
        if (before?.state !== "running") refused.set(step, before);
        else if (continued) complete(step);
        change(step, { state: "failed", failure: { error, continued } });
        break;
      }
      case "committed":
        completed.clear();
        break;
      case "undo.started":
        change(record.step, { state: "undoing" });
        break;
      case "undo.done":
        change(record.step, { state: "undone" });
        completed.delete(record.step);
        broken.delete(record.step);
        if (undoing !== undefined) undone.add(record.step);
        break;
      case "undo.failed":
        break;
      case "run.undoing":
        undoing = {
          reason: record.reason,
          ...(record.failure === undefined ? {} : { failure: record.failure }),
        };
        undone.clear();
        break;
      case "run.suspended":
        suspend();
        break;
      case "cycle.started":
        forget();
        cycle = { number: record.cycle, open: true };
        break;
      case "cycle.finished":
        cycle = { number: record.cycle, open: false };
        break;
      case "run.finished":
        finished = { outcome: record.outcome, exit: record.exit };
        break;
    }
  };

  for (const record of records) apply(record);
  return {
    apply,
    steps,
    completed,
    broken,
    undone,
    get nextToken() {
      return nextToken;
    },
    get undoing() {
      return undoing;
    },
    get finished() {
      return finished;
    },
    get cycle() {
      return cycle;
    },
  };
}
