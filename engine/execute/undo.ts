import { BugError, type ErrorRecord } from "../errors.ts";
import type { PlannedStep } from "../plan/plan.ts";
import { errorRecord, type Failure, isUnsettled } from "./failure.ts";
import type { Pass } from "./pass.ts";
import { perform } from "./perform.ts";

/**
 * Takes back all that stands and is not released: what began and did not complete first, then what
 * completed, each in reverse order. An undo that fails does not keep the others from theirs.
 *
 * @returns the undos that failed; complete unless `pass.cleanup` was aborted
 */
export async function undoAll(pass: Pass): Promise<readonly Failure[]> {
  const { ledger, prepared, cleanup } = pass;
  const failures: Failure[] = [];
  const ids = [...ledger.completed, ...ledger.broken].reverse();
  for (const id of ids) {
    const step = prepared.stepOf(id);
    if (step === undefined || step.effect !== "reversible" || prepared.isFinal(step)) continue;
    if (cleanup.aborted) break;
    const error = await undoStep(id, step, pass, cleanup);
    if (error !== undefined) failures.push({ step: id, error });
    if (error !== undefined && isUnsettled(error)) pass.shedding.keep(step);
    pass.shedding.undone(step);
  }
  return failures;
}

/**
 * Undoes one step, or one item of it, with the input that the journal has of it.
 *
 * @returns the error, already told, when it failed
 */
export async function undoStep(
  id: string,
  step: PlannedStep,
  pass: Pass,
  signal: AbortSignal,
): Promise<ErrorRecord | undefined> {
  const { recorder } = pass.world;
  const past = pass.ledger.steps.get(id)!;
  const definition = pass.prepared.definition(step);
  await recorder.tell((token) => ({
    record: { type: "undo.started", step: id, token },
    event: { type: "undo.started", step: id, token },
  }), { sync: true });
  const { failure } = pass.status;
  const performed = await perform({
    id,
    part: "undo",
    grants: step.permissions.undo.run,
    signal,
    ...(step.timeout_ms === undefined ? {} : { timeout_ms: step.timeout_ms }),
    ...(step.retry === undefined ? {} : { retry: step.retry }),
    ...(failure === undefined ? {} : { failure }),
    work: async (ctx) => {
      if (past.failure !== undefined && isUnsettled(past.failure.error)) {
        throw new BugError(`${id} was not undone, since its work may be going on`);
      }
      if (definition.effect !== "reversible") throw new BugError(`${id} cannot be undone`);
      await definition.undo({ ...step.params, ...past.late }, past.facts, ctx);
    },
  }, pass.world);
  const { elapsed_s, notes, artifact } = performed;
  const told = {
    elapsed_s,
    ...(notes === undefined ? {} : { notes }),
    ...(artifact === undefined ? {} : { artifact }),
  };
  if (performed.ok) {
    await recorder.tell((token) => ({
      record: { type: "undo.done", step: id, token },
      event: { type: "undo.done", step: id, token, ...told },
    }), { sync: true });
    return undefined;
  }
  const error = errorRecord(performed.error, pass.world.host.masker);
  await recorder.tell((token) => ({
    record: { type: "undo.failed", step: id, token, error },
    event: { type: "undo.failed", step: id, token, error, ...told },
  }), { sync: true });
  return error;
}
