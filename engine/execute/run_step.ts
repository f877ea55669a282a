import { type ErrorRecord, InterruptedError, type SluiceError } from "../errors.ts";
import type { Json, JsonObject } from "../json.ts";
import { digestOf } from "../plan/digest.ts";
import type { PlannedStep } from "../plan/plan.ts";
import { checkFacts } from "./check_facts.ts";
import { decide } from "./decision.ts";
import {
  asInterruption,
  asSluiceError,
  errorRecord,
  type Failure,
  isUnsettled,
} from "./failure.ts";
import { lateInput } from "./late_input.ts";
import type { Pass } from "./pass.ts";
import { perform, type Performed } from "./perform.ts";
import type { Verdict } from "./schedule.ts";
import { undoStep } from "./undo.ts";
import { unmet } from "./when.ts";

/** The part of a run that a step belongs to. */
export interface Phase {
  /** Of `finally`: its failure does not stop the others, and its result is not undone. */
  readonly final: boolean;
  readonly signal: AbortSignal;
  /** What the step is told about a failure of the run. */
  readonly failure?: Failure;
}

/** One run of a step: the step itself, or one item of its `for_each`. */
export interface Instance {
  readonly step: PlannedStep;
  /** The step's, or `<id>.<n>`. */
  readonly id: string;
  readonly item?: Json;
}

/**
 * Runs one instance of a step, from its condition to its line in the journal, unless an earlier
 * process did. Whatever happens is told; never rejects.
 */
export async function runInstance(
  instance: Instance,
  phase: Phase,
  pass: Pass,
): Promise<Verdict> {
  const { step, id, item } = instance;
  // What the cancel finds waiting has neither begun nor failed.
  if (phase.signal.aborted) return "stop";
  if (pass.status.held.has(id)) return "go-on";
  let late: JsonObject;
  try {
    const reason = await unmet(step.when, pass.values, item);
    if (reason !== undefined) return await skip(id, reason, pass);
    late = await lateInput(step, id, pass.prepared.definition(step), pass.values, item);
  } catch (error) {
    return await refuse(instance, asSluiceError(error, id), phase, pass);
  }
  return await runWith(instance, late, phase, pass);
}

async function runWith(
  instance: Instance,
  late: JsonObject,
  phase: Phase,
  pass: Pass,
): Promise<Verdict> {
  const { step, id } = instance;
  const { host, recorder } = pass.world;
  const past = pass.ledger.steps.get(id);
  const input = digestOf(late);
  const decision = decide(past, {
    id,
    effect: step.effect,
    digest: step.digest,
    ...(phase.final ? {} : { input }),
    code: host.code,
    again: pass.again,
    run: host.run,
  });
  switch (decision.kind) {
    case "keep":
      pass.values.set(id, decision.facts);
      if (decision.note !== undefined) {
        recorder.emit({ type: "note", step: id, text: decision.note });
      }
      return "go-on";
    case "keep-failure":
      pass.status.degraded = true;
      return "go-on";
    case "ask":
      pass.status.suspension ??= { step: id, error: errorRecord(decision.error, host.masker) };
      return "stop";
    case "redo": {
      const fault = await undoStep(id, step, pass, phase.signal);
      if (fault !== undefined) return await failed(instance, fault, phase, pass);
      break;
    }
    case "run":
  }
  return await startAndRun(instance, { late, input }, phase, pass);
}

/** Starts a step whose input is known, whatever the journal says of it. */
export async function startAndRun(
  instance: Instance,
  { late, input }: { late: JsonObject; input: string },
  phase: Phase,
  pass: Pass,
): Promise<Verdict> {
  const { step, id } = instance;
  const { recorder } = pass.world;
  const attempt = (pass.ledger.steps.get(id)?.attempts ?? 0) + 1;
  const sync = step.effect !== "none";
  try {
    await recorder.write((token) => ({
      record: { type: "step.started", step: id, attempt, token, digest: step.digest, input, late },
      event: { type: "step.started", step: id, token, summary: step.summary },
    }), { sync });
  } catch (error) {
    return await refuse(instance, error as SluiceError, phase, pass);
  }
  const definition = pass.prepared.definition(step);
  const release_ms = definition.release_ms?.(step.params);
  const timeouts = [step.timeout_ms, definition.deadline_ms?.(step.params)]
    .filter((ms) => ms !== undefined);
  const performed = await perform({
    id,
    part: "run",
    grants: step.permissions.run.run,
    signal: phase.signal,
    ...(timeouts.length === 0 ? {} : { timeout_ms: Math.min(...timeouts) }),
    ...(step.retry === undefined ? {} : { retry: step.retry }),
    ...(phase.failure === undefined ? {} : { failure: phase.failure }),
    ...(release_ms === undefined ? {} : { release_ms }),
    work: async (ctx) =>
      checkFacts(await definition.run({ ...step.params, ...late }, ctx), id, definition),
  }, pass.world);
  return performed.ok
    ? await done(instance, performed, phase, pass)
    : await failed(instance, told(performed.error, pass), phase, pass, performed);
}

async function done(
  instance: Instance,
  performed: Performed<JsonObject> & { ok: true },
  phase: Phase,
  pass: Pass,
): Promise<Verdict> {
  const { step, id } = instance;
  const { value: facts, elapsed_s, notes, artifact } = performed;
  const named = artifact === undefined ? {} : { artifact };
  try {
    await pass.world.recorder.write((token) => ({
      record: { type: "step.done", step: id, token, facts, ...named },
      event: {
        type: "step.done",
        step: id,
        token,
        elapsed_s,
        facts,
        ...(notes === undefined ? {} : { notes }),
        ...named,
      },
    }), { sync: step.effect !== "none" });
  } catch (error) {
    return await failed(instance, told(error as SluiceError, pass), phase, pass, performed);
  }
  pass.values.set(id, facts);
  pass.world.done.push({ step: id, elapsed_s });
  return "go-on";
}

/** Ends a step that is not to run. */
export async function skip(id: string, notes: string, pass: Pass): Promise<Verdict> {
  // An earlier process said so already.
  if (pass.ledger.steps.get(id)?.state === "skipped") return "go-on";
  await pass.world.recorder.tell((token) => ({
    record: { type: "step.skipped", step: id, token, notes },
    event: { type: "step.skipped", step: id, token, notes },
  }), { sync: false });
  return "go-on";
}

/** Fails a step that did not begin: nothing of it is to be undone. */
export async function refuse(
  instance: Instance,
  error: SluiceError,
  phase: Phase,
  pass: Pass,
): Promise<Verdict> {
  const { step, id } = instance;
  await pass.world.recorder.tell((token) => ({
    event: { type: "step.started", step: id, token, summary: step.summary },
  }), { sync: false });
  return await failed(instance, told(error, pass), phase, pass);
}

function told(error: SluiceError, pass: Pass): ErrorRecord {
  return errorRecord(error, pass.world.host.masker);
}

async function failed(
  instance: Instance,
  record: ErrorRecord,
  phase: Phase,
  pass: Pass,
  performed: Partial<Performed<unknown>> = {},
): Promise<Verdict> {
  const { step, id } = instance;
  const interrupted = phase.signal.aborted &&
    record.name === asInterruption(phase.signal.reason).name;
  const unsettled = isUnsettled(record);
  const continued = step.on_failure === "continue" && !interrupted && !unsettled;
  if (unsettled) {
    pass.status.unsettled = true;
    pass.shedding.keep(step);
  }
  // Before the first await: the failure that came first decides, and the others stop at once.
  if (continued) pass.status.degraded = true;
  else if (phase.final) pass.status.finallyFailure ??= { step: id, error: record };
  else if (pass.status.failure === undefined) {
    pass.status.failure = { step: id, error: record };
    pass.stop.abort(new InterruptedError(`stopped, since ${id} failed`));
  }
  const { elapsed_s = 0, notes, artifact } = performed;
  await pass.world.recorder.tell((token) => ({
    record: { type: "step.failed", step: id, token, error: record, continued },
    event: {
      type: "step.failed",
      step: id,
      token,
      elapsed_s,
      error: record,
      continued,
      ...(notes === undefined ? {} : { notes }),
      ...(artifact === undefined ? {} : { artifact }),
    },
  }), { sync: step.effect !== "none" });
  return continued || phase.final ? "go-on" : "stop";
}
