/**
 * Runs a plan: the one place from which the effects of Sluice happen. What a run does is written in
 * its journal before and after it is done, so that another process can go on with it or undo it.
 *
 * 1. The preconditions of all steps are asked for; where one fails, nothing has happened.
 * 2. Steps run as the graph that they are. When one fails, the others are stopped and awaited.
 * 3. What a failed or interrupted run did is undone, in reverse order of its completion.
 * 4. The `finally` steps run, always.
 * 5. What steps left alive is ended, in reverse order.
 *
 * All along, the process gives up for good what no later part of the run can need.
 *
 * @module
 */
import { exitCode, InterruptedError, type SluiceError, UsageError } from "../errors.ts";
import { followUp } from "../events/follow_up.ts";
import type { Masker } from "../events/masker.ts";
import type { Continuation } from "../journal/entry.ts";
import type { Plan } from "../plan/plan.ts";
import type { Registry } from "../registry.ts";
import { checkOrigin } from "./check_origin.ts";
import { repeat } from "./cycles.ts";
import { asInterruption, errorRecord } from "./failure.ts";
import type { ExecuteHost } from "./host.ts";
import { type Ledger, makeLedger } from "./ledger.ts";
import type { RunEnd } from "./outcome.ts";
import { freshStatus, type Pass } from "./pass.ts";
import { prepare, type PreparedPlan } from "./prepare.ts";
import { makeRecorder, type Recorder } from "./recorder.ts";
import { makeRunScope } from "./run_scope.ts";
import { makeRunValues } from "./run_values.ts";
import { type PassEnd, runPass } from "./run_pass.ts";
import { makeScratch } from "./scratch.ts";
import { makeRunShedding, type RunShedding } from "./shedding.ts";
import { makeSpawnLog, type SpawnLog } from "./spawn_log.ts";

/**
 * Runs, resumes or undoes a plan as the host's mode says, and tells it through the host. The last
 * event is `run.finished`. Failures of steps are part of the result.
 *
 * A run that cannot go on without a person, or whose undoing was interrupted, ends with the exit
 * code of its reason, and can be resumed; any other is finished for good.
 *
 * @throws InvalidInputError when the plan does not fit the registry, or the journal not the plan
 * @throws UsageError when the mode does not fit the journal: a finished run cannot be resumed
 */
export async function execute(
  plan: Plan,
  registry: Registry,
  host: ExecuteHost,
): Promise<RunEnd> {
  const prepared = prepare(plan, registry);
  const ledger = makeLedger(host.journal.entries);
  checkOrigin(host.journal.entries, { run: host.run.id, plan: plan.digest });
  checkMode(host, ledger, prepared);
  const recorder = makeRecorder(host, ledger);
  const spawnLog = makeSpawnLog(`${host.run.folder}/spawned.jsonl`, {
    clock: host.clock,
    mask: (line) => host.masker.maskJson(line),
  });
  const shedding = makeRunShedding({ prepared, ledger, recorder }, host);
  const parts: Parts = { prepared, ledger, recorder, spawnLog, shedding };
  const began = host.clock.monotonic();
  try {
    await tellStart(prepared, host, recorder);
    const pass = (mode: ExecuteHost["mode"]) => onePass(parts, host, mode);
    const turn = () => recorder.turn(continuation(prepared, host, ledger));
    const ended = plan.every !== undefined && host.mode.kind !== "undo"
      ? await repeat({ every: plan.every, ledger, recorder, turn, pass }, host)
      : await pass(host.mode);
    const elapsed_ms = host.clock.monotonic() - began;
    return await tellEnd(ended, { ...parts, masker: host.masker, elapsed_ms });
  } finally {
    await spawnLog.close();
  }
}

function checkMode(
  { mode, run, journal }: ExecuteHost,
  { finished, completed, broken, undone }: Ledger,
  { stepOf }: PreparedPlan,
): void {
  if (mode.kind === "run" && journal.entries.length > 0) {
    throw new UsageError(`the run ${run.id} has begun already`, {
      hint: `go on with it: ${followUp("resume", run)}`,
    });
  }
  if (mode.kind === "resume" && finished !== undefined) {
    throw new UsageError(
      `the run ${run.id} is finished: ${finished.outcome}, exit ${finished.exit}`,
      { hint: "start a new run" },
    );
  }
  if (mode.kind === "undo" && finished !== undefined && undone.size === 0) {
    const stands = [...completed, ...broken].some((id) => stepOf(id)?.effect === "reversible");
    if (stands) return;
    throw new UsageError(`nothing of the run ${run.id} can be undone`, {
      hint: "it changed nothing that has an undo, or a commit has released it for good",
    });
  }
}

interface Parts {
  readonly prepared: PreparedPlan;
  readonly ledger: Ledger;
  readonly recorder: Recorder;
  readonly spawnLog: SpawnLog;
  readonly shedding: RunShedding;
}

async function onePass(
  { prepared, ledger, recorder, spawnLog, shedding }: Parts,
  host: ExecuteHost,
  mode: ExecuteHost["mode"],
): Promise<PassEnd> {
  const stop = forwarded([host.signal]);
  // The first call for the end is what makes a run undo; an undo that was asked for it ends.
  const ofCleanup = mode.kind === "undo" ? [host.signal, host.secondSignal] : [host.secondSignal];
  const cleanup = forwarded(ofCleanup);
  const scope = makeRunScope(host.clock);
  const status = freshStatus();
  const pass: Pass = {
    prepared,
    ledger,
    world: {
      host,
      recorder,
      spawnLog,
      scope,
      scratch: makeScratch(`${host.run.folder}/scratch`),
      whenUp: [],
      done: [],
      lost(step, error) {
        // What ends with the run is not lost.
        if (stop.controller.signal.aborted) return;
        status.failure = { step, error: errorRecord(error, host.masker) };
        stop.controller.abort(new InterruptedError(`stopped, since ${step} lost what it held`));
      },
    },
    values: makeRunValues(prepared.plan, host.run.id),
    shedding: shedding.follow(scope),
    again: mode.kind === "resume" && mode.again,
    stop: stop.controller,
    cleanup: cleanup.controller.signal,
    status,
  };
  try {
    return await runPass(pass, mode);
  } finally {
    stop.release();
    cleanup.release();
  }
}

/** A controller that any of the signals aborts, until it is released. */
function forwarded(
  signals: readonly (AbortSignal | undefined)[],
): { controller: AbortController; release(): void } {
  const controller = new AbortController();
  const releases = signals.map((signal) => {
    const forward = () => controller.abort(asInterruption(signal?.reason));
    if (signal?.aborted) forward();
    signal?.addEventListener("abort", forward, { once: true });
    return () => signal?.removeEventListener("abort", forward);
  });
  return { controller, release: () => releases.forEach((release) => release()) };
}

/** What a run is, and what runs it. */
function origin(plan: Plan, { run, permissions, code }: ExecuteHost) {
  return { run: run.id, pipeline: plan.name, plan: plan.digest, permissions, code };
}

function launched({ box, process }: ExecuteHost) {
  return {
    ...(box === undefined ? {} : { box }),
    ...(process === undefined ? {} : { process }),
  };
}

function continuation(
  { plan }: PreparedPlan,
  host: ExecuteHost,
  { nextToken, cycle }: Ledger,
): Continuation {
  return {
    type: "journal.continued",
    v: 1,
    ...origin(plan, host),
    ...launched(host),
    token: nextToken - 1,
    cycle: cycle?.number ?? 0,
  };
}

async function tellStart(
  { plan, hasEffects }: PreparedPlan,
  host: ExecuteHost,
  recorder: Recorder,
): Promise<void> {
  const resumed = host.journal.entries.length > 0;
  const { code, box } = host;
  const held = box === undefined ? {} : { box };
  await recorder.write(() => ({
    record: resumed
      ? { type: "run.resumed", code, ...launched(host) }
      : { type: "run.started", v: 1, ...origin(plan, host), ...launched(host) },
    event: {
      type: "run.started",
      pipeline: plan.name,
      folder: host.run.folder,
      plan: plan.digest,
      resumed,
      ...held,
      steps: [...plan.steps, ...plan.finally].map(({ id, summary }) => ({ id, summary })),
    },
  }), { sync: hasEffects });
}

/** The last line, and the last event. A run whose journal has a gap may not be called done. */
async function tellEnd(
  ended: PassEnd,
  { prepared, recorder, masker, elapsed_ms }: Parts & { masker: Masker; elapsed_ms: number },
): Promise<RunEnd> {
  const { suspended, ...verdict } = ended;
  const { outcome, exit } = verdict;
  if (!suspended) {
    await recorder.tell(() => ({ record: { type: "run.finished", outcome, exit } }), {
      sync: prepared.hasEffects,
    });
  }
  const end = withFault(verdict, recorder.fault, masker);
  const { failure, undoFailures } = end;
  recorder.emit({
    type: "run.finished",
    outcome: end.outcome,
    exit: end.exit,
    elapsed_s: Math.round(elapsed_ms) / 1000,
    ...(suspended ? { suspended } : {}),
    ...(failure === undefined ? {} : { failure }),
    ...(undoFailures.length === 0 ? {} : { undo_failures: undoFailures }),
  });
  return end;
}

function withFault(end: RunEnd, fault: SluiceError | undefined, masker: Masker): RunEnd {
  if (fault === undefined || end.failure !== undefined) return end;
  const failure = { step: "journal", error: errorRecord(fault, masker) };
  return { ...end, outcome: "failed", exit: exitCode.failed, failure };
}
