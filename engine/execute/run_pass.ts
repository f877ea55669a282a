import { type ErrorRecord, InterruptedError } from "../errors.ts";
import { followUp } from "../events/follow_up.ts";
import { interruptedForGood } from "./decision.ts";
import type { JsonObject } from "../json.ts";
import { asInterruption, asSluiceError, errorRecord, type Failure } from "./failure.ts";
import { holdAgain } from "./holds.ts";
import type { RunMode } from "./mode.ts";
import { conclude, exitOf, outcomeOf, type RunEnd } from "./outcome.ts";
import type { Pass } from "./pass.ts";
import { preflight, shedLeftOut } from "./preflight.ts";
import { runFinally, runSteps } from "./run_planned.ts";
import { stayUp } from "./stay.ts";
import { undoAll } from "./undo.ts";

/** How a pass ended; a suspended one can be resumed. */
export interface PassEnd extends RunEnd {
  readonly suspended: boolean;
}

/**
 * Goes over a plan once: preconditions, steps, undo where something failed, `finally` steps, and
 * the end of what steps left alive. Or goes on with that where an earlier process stopped.
 */
export async function runPass(pass: Pass, mode: RunMode): Promise<PassEnd> {
  const { ledger, status, world } = pass;
  restoreFacts(pass);
  const requested = mode.kind === "undo" || ledger.undoing?.reason === "requested";
  if (requested) await undoOnRequest(pass);
  else if (ledger.undoing !== undefined) await goOnUndoing(pass);
  else await goForward(pass, mode.kind === "resume");
  const fault = await release(pass);
  const { suspension, failure, finallyFailure, ...rest } = status;
  if (suspension !== undefined) {
    const { error, step } = suspension;
    await world.recorder.tell(() => ({ record: { type: "run.suspended", error } }), {
      sync: pass.prepared.hasEffects,
    });
    return {
      outcome: outcomeOf(error),
      exit: exitOf(error),
      ...(step === undefined ? {} : { failure: { step, error } }),
      undoFailures: status.undoFailures,
      suspended: true,
    };
  }
  const end = conclude({
    ...rest,
    undoRequested: requested,
    failure,
    undone: ledger.undone,
    endFailure: finallyFailure ?? fault,
  });
  return { ...end, suspended: false };
}

async function goForward(pass: Pass, resumed: boolean): Promise<void> {
  const { status } = pass;
  const failedBefore = firstFailure(pass);
  if (failedBefore !== undefined) {
    status.failure = failedBefore;
    if (!await holdForUndo(pass)) return;
  } else {
    const question = interruptedForGood(pass);
    if (question !== undefined) return suspend(pass, question.error, question.step);
    if (!await isReady(pass, resumed)) return;
    if (resumed && !await holdAgain(pass, pass.stop.signal)) return suspendAtFailure(pass);
  }
  if (failedBefore === undefined) await shedLeftOut(pass);
  const complete = failedBefore === undefined && await runSteps(pass) &&
    await stayUp(pass);
  if (status.failure === undefined && status.suspension !== undefined) return;
  delete status.suspension; // A failure beside it decides: the run is undone.
  if (!complete) {
    const interrupted = status.failure === undefined ||
      status.failure.error.name === "InterruptedError";
    status.interrupted = interrupted;
    await tellUndoing(pass, interrupted ? "interrupted" : "failed");
    if (!await undo(pass)) return;
  }
  await end(pass);
}

async function goOnUndoing(pass: Pass): Promise<void> {
  const { ledger, status } = pass;
  const { failure, reason } = ledger.undoing!;
  if (failure !== undefined) status.failure = failure;
  status.interrupted = reason === "interrupted";
  if (!await holdForUndo(pass)) return;
  if (await undo(pass)) await end(pass);
}

async function undoOnRequest(pass: Pass): Promise<void> {
  if (pass.ledger.undoing?.reason !== "requested") await tellUndoing(pass, "requested");
  if (await holdForUndo(pass)) await undo(pass);
}

/**
 * Asks for the preconditions. Where one fails, nothing has had an effect, and nothing is undone: a
 * new run has failed, one that was resumed waits.
 */
async function isReady(pass: Pass, resumed: boolean): Promise<boolean> {
  const { status, stop, world } = pass;
  const [first] = await preflight(pass);
  if (stop.signal.aborted) status.interrupted = true;
  else if (first === undefined) return true;
  if (!resumed) return false;
  if (status.failure !== undefined) suspendAtFailure(pass);
  else suspend(pass, errorRecord(asInterruption(stop.signal.reason), world.host.masker));
  return false;
}

/** Takes again what steps held; undoing without it would be unsafe. */
async function holdForUndo(pass: Pass): Promise<boolean> {
  const failure = pass.status.failure;
  delete pass.status.failure;
  if (!await holdAgain(pass, pass.cleanup)) {
    suspendAtFailure(pass);
    return false;
  }
  if (failure !== undefined) pass.status.failure = failure;
  return true;
}

async function undo(pass: Pass): Promise<boolean> {
  pass.shedding.enter("undo");
  pass.status.undoFailures = await undoAll(pass);
  return goesOn(pass);
}

async function end(pass: Pass): Promise<void> {
  const { status, ledger, values, world } = pass;
  const { outcome } = conclude({
    ...status,
    failure: status.failure,
    undoRequested: false,
    undone: ledger.undone,
    endFailure: undefined,
  });
  values.setRun({
    id: world.host.run.id,
    outcome,
    reason: status.failure?.error.message ?? "",
    failed_step: status.failure?.step ?? "",
  });
  pass.shedding.enter("finally");
  await runFinally(pass);
  goesOn(pass);
}

/** Whether nobody asked for the end a second time; else the rest is left to a resume. */
function goesOn(pass: Pass): boolean {
  if (!pass.cleanup.aborted) return true;
  const error = new InterruptedError("the run was interrupted while it was being ended", {
    hint: `go on with it: ${followUp("resume", pass.world.host.run)}`,
  });
  suspend(pass, errorRecord(error, pass.world.host.masker));
  return false;
}

function suspend(pass: Pass, error: ErrorRecord, step?: string): void {
  pass.status.suspension = { error, ...(step === undefined ? {} : { step }) };
}

function suspendAtFailure(pass: Pass): void {
  const { step, error } = pass.status.failure!;
  delete pass.status.failure;
  suspend(pass, error, step);
}

async function tellUndoing(
  pass: Pass,
  reason: "failed" | "interrupted" | "requested",
): Promise<void> {
  const { failure } = pass.status;
  await pass.world.recorder.tell(() => ({
    record: { type: "run.undoing", reason, ...(failure === undefined ? {} : { failure }) },
  }), { sync: pass.prepared.hasEffects });
}

/** A failure whose undoing an earlier process did not come to: the own one of a step, if any. */
function firstFailure({ ledger, prepared }: Pass): Failure | undefined {
  const failures = [...ledger.steps].flatMap(([step, { state, failure }]): Failure[] => {
    const planned = prepared.stepOf(step);
    const final = planned === undefined || prepared.isFinal(planned);
    const counts = state === "failed" && !failure!.continued && !final;
    return counts ? [{ step, error: failure!.error }] : [];
  });
  return failures.find(({ error }) => error.name !== "InterruptedError") ?? failures[0];
}

/** Makes the facts that the journal holds visible to expressions. */
function restoreFacts({ ledger, prepared, values }: Pass): void {
  for (const [id, { facts }] of ledger.steps) {
    if (facts !== undefined) values.set(id, facts);
  }
  for (const { id, members } of prepared.plan.groups) {
    const facts = members.flatMap((member) => values.get(member) ?? []);
    if (facts.length > 0) values.set(id, facts);
  }
  const lists = new Map<string, (JsonObject | undefined)[]>();
  for (const [id, { facts }] of ledger.steps) {
    const step = prepared.stepOf(id);
    if (step?.for_each === undefined || step.id === id) continue;
    const list = lists.get(step.id) ?? [];
    list[Number(id.slice(step.id.length + 1)) - 1] = facts;
    lists.set(step.id, list);
  }
  for (const [id, list] of lists) {
    const known = list.filter((facts) => facts !== undefined);
    if (known.length === list.length) values.set(id, known);
  }
}

/** Ends what steps left alive and removes their scratch; tells what cannot be, and gives the first. */
async function release({ world }: Pass): Promise<Failure | undefined> {
  const faults = [...await world.scope.dispose()];
  await world.scratch.remove().catch((error) => faults.push({ step: "scratch", error }));
  const failures = faults.map(({ step, error }) => {
    return { step, error: errorRecord(asSluiceError(error, step), world.host.masker) };
  });
  for (const { step, error } of failures) {
    const text = `what ${step} left alive did not end well: ${error.message}`;
    world.recorder.emit({ type: "note", step, text });
  }
  return failures[0];
}
