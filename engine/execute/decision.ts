import { FailedError, type SluiceError } from "../errors.ts";
import { followUp, type NamedRun } from "../events/follow_up.ts";
import type { JsonObject } from "../json.ts";
import type { Effect } from "../step.ts";
import { errorRecord, type Failure } from "./failure.ts";
import type { StepRecord } from "./ledger.ts";
import type { Pass } from "./pass.ts";

/** What a run does with a step, given what the journal says of it. */
export type Decision =
  | { readonly kind: "run" }
  /** Undo the attempt that the journal knows, then run. */
  | { readonly kind: "redo" }
  /** Its result stands. */
  | { readonly kind: "keep"; readonly facts: JsonObject; readonly note?: string }
  /** It failed, and the run went on all the same. */
  | { readonly kind: "keep-failure" }
  /** Neither can be done without a person's word. */
  | { readonly kind: "ask"; readonly error: SluiceError };

/** What would run now. */
export interface Present {
  readonly id: string;
  readonly effect: Effect;
  readonly digest: string;
  /** Digest of the late input; left out where it must not matter: under `finally`. */
  readonly input?: string;
  readonly code: string;
  /** Interrupted irreversible steps may run again. */
  readonly again: boolean;
  /** For what the person is told. */
  readonly run: NamedRun;
}

/**
 * Decides whether a step runs. One that is done stays done while its definition and input are the
 * same; one that other code did is done again only where that costs nothing.
 */
export function decide(past: StepRecord | undefined, now: Present): Decision {
  if (past === undefined) return { kind: "run" };
  switch (past.state) {
    case "undone":
    case "skipped":
      return { kind: "run" };
    case "failed":
      return past.failure!.continued ? { kind: "keep-failure" } : again(past, now);
    case "done":
      break;
    default:
      return again(past, now);
  }
  const facts = past.facts!;
  if (past.marked) return { kind: "keep", facts };
  const same = past.digest === now.digest && (now.input ?? past.input) === past.input;
  if (!same) return again(past, now);
  if (past.code === now.code) return { kind: "keep", facts };
  if (now.effect === "none") return { kind: "run" };
  return { kind: "keep", facts, note: "done by an earlier version of the program; kept" };
}

function again(past: StepRecord, now: Present): Decision {
  if (past.attempts === 0 || now.effect === "none") return { kind: "run" };
  if (now.effect === "reversible") return { kind: "redo" };
  return now.again ? { kind: "run" } : { kind: "ask", error: askPerson(past, now) };
}

function askPerson(past: StepRecord, now: Present): SluiceError {
  const what = past.state === "done"
    ? "was done with another input, and cannot be undone"
    : "was interrupted, and what it did cannot be undone";
  return new FailedError(`${now.id} ${what}`, {
    hint: "look at what it did; then either say that it is done: " +
      `${followUp("mark-done", now.run, `${now.id} --reason TEXT`)}, ` +
      `or let it run again: ${followUp("resume", now.run, "--again")}`,
    details: { step: now.id },
  });
}

/** The first step that an earlier process left in a state that a person has to judge, if any. */
export function interruptedForGood(pass: Pass): Failure | undefined {
  const { host } = pass.world;
  for (const [id, past] of pass.ledger.steps) {
    const step = pass.prepared.stepOf(id);
    if (step === undefined || past.state === "done") continue;
    const { digest, input } = past;
    const present = { id, effect: step.effect, digest, input, code: host.code, run: host.run };
    const decision = decide(past, { ...present, again: pass.again });
    if (decision.kind === "ask") {
      return { step: id, error: errorRecord(decision.error, host.masker) };
    }
  }
}
