import { type ExitCode, exitCode } from "../../engine/errors.ts";
import { followUp, type GivenAtStart, type NamedRun } from "../../engine/events/follow_up.ts";
import type { Sink } from "../../engine/events/sink.ts";
import { readVariable } from "../../engine/read_variable.ts";
import { readLock } from "../../engine/permissions/lock/read_lock.ts";
import { union } from "../../engine/permissions/union.ts";
import { admit } from "./admit.ts";
import type { Box } from "./box.ts";
import { checkBegun } from "./check_begun.ts";
import { tokenKeyVariable } from "./child_environment.ts";
import { optionValue } from "./command_line.ts";
import { requireBox, requireProgramBoxes } from "./choose_box.ts";
import type { Entered } from "./enter_box.ts";
import { findPrograms } from "./find_programs.ts";
import { launchRecord } from "./launch_record.ts";
import type { Launching } from "./launching.ts";
import { openSinks } from "./open_sinks.ts";
import type { Preparation } from "./preparation.ts";
import type { LaunchRequest } from "./planner_protocol.ts";
import { refuseEscapes } from "./refuse_escapes.ts";
import { refuseGrantedRuns, refuseRuns } from "./refuse_runs.ts";
import { refuseUnasked } from "./refuse_unasked.ts";
import { mayColor, screenOf } from "./screen.ts";
import { showFault } from "./show_error.ts";
import { checkSigned } from "./signed/require_signature.ts";
import { requiresSignature } from "./signed/signatures_of.ts";
import { runnerCommand } from "./runner_command.ts";
import { type Runner, startRunner } from "./start_runner.ts";
import { refuseLinked } from "./watch_paths.ts";
import type { Write } from "./write_output.ts";

/** A run that is allowed, and with what its runner is started. Nothing has been started or made. */
export interface Admitted {
  readonly request: LaunchRequest;
  readonly command: Entered;
  readonly box: Box;
  /** Absolute paths of the programs with bare names. */
  readonly programs: Readonly<Record<string, string>>;
  readonly sinks: readonly Sink[];
}

/**
 * Holds a run to the lock, its signature and its box.
 *
 * @throws RefusedError where the lock or the box does not cover it
 * @throws NotAuthorisedError where a signature is required and does not cover it
 */
export async function admitRun(
  request: LaunchRequest,
  launching: Launching,
  preparing: Preparation,
): Promise<Admitted> {
  const { args, places, signatures: { signed } } = launching;
  const lock = readLock(await launching.lock.need());
  if (requiresSignature(args)) checkSigned(request, signed);
  await refuseUnasked(request, lock, places, args);
  admit(request, lock, places, args, signed?.code);
  await checkBegun(request, places, requiresSignature(args));
  const modules = request.permissions.run.flatMap(({ deno }) => deno ?? []);
  const compartments = [
    request.permissions,
    ...modules,
    ...Object.values(request.foreign?.steps ?? {}).flatMap(({ run, undo }) => [run, undo]),
  ];
  const programs = findPrograms(union(...compartments));
  for (const set of compartments) refuseEscapes(set, programs, places);
  // Whatever steps of others reach, all runs are out of their sight.
  for (const set of [request.permissions, ...modules]) {
    refuseRuns(set, request.run.folder, places);
  }
  refuseGrantedRuns(request.foreign?.steps ?? {}, request.run.folder, places);
  // One that began is not kept from undoing: there each start of a process is judged alone.
  if (request.mode.kind === "run") refuseLinked(request.foreign?.steps ?? {});
  const sinks = sinksOf(request, launching);
  const box = await preparing.box();
  requireBox(args, box);
  for (const set of compartments) requireProgramBoxes(set, box);
  const command = runnerCommand(request, programs, box, places);
  return { request, command, box, programs, sinks };
}

/** Has the folder of a run made, starts its runner, and shows what becomes of it. */
export async function launchRun(
  { request, command, box, programs, sinks }: Admitted,
  { args, places, signatures: { signed }, signal, began, stdout, stderr, log, fault }: Launching,
  preparing: Preparation,
): Promise<ExitCode> {
  const record = { box: box.kind, signed: signed?.report.key, now: new Date() };
  const process = await preparing.keeper().open(request, launchRecord(request, places, record));
  // The faces of an agent answer whoever reads the log; any other run is as fast as its reader.
  const room = async () => {
    if (log === undefined) await Promise.all([stdout.room(), stderr.room()]);
  };
  const start = { request, given: givenAtStart(args), programs, box, process };
  const runner = startRunner(command, start, places, { sinks, room });
  began(runner);
  if (signal.aborted) runner.interrupt("SIGINT", 1);
  const exit = await follow(runner, { ...request.run, given: start.given }, fault);
  for (const sink of sinks) sink.close?.();
  return exit;
}

function sinksOf(
  { tokens, events }: LaunchRequest,
  { args, log, stdout, stderr }: Launching,
): readonly Sink[] {
  const { terminal, columns } = screenOf(Deno.stderr);
  return openSinks({
    tokens,
    events,
    log,
    key: readVariable(tokenKeyVariable),
    stdout,
    stderr,
    color: mayColor(terminal),
    columns,
    given: givenAtStart(args),
  });
}

/** As they were given: whoever follows a hint stands where the run was started. */
function givenAtStart(args: readonly string[]): GivenAtStart {
  const runs = optionValue(args, "--runs");
  const accept = optionValue(args, "--accept");
  return {
    ...(runs === undefined ? {} : { runs }),
    ...(accept === undefined ? {} : { accept }),
  };
}

async function follow(
  runner: Runner,
  run: NamedRun & { readonly folder: string },
  fault: Write,
): Promise<ExitCode> {
  const end = await runner.end;
  switch (end.kind) {
    case "finished":
      return end.exit;
    case "stopped":
      fault(showFault(end.message, end.hint));
      return end.exit;
    case "lost":
      fault(
        isBegun(run.folder)
          ? showFault(
            `the runner was lost: ${end.how}; how far run ${run.id} came stands in its journal`,
            `go on with it: ${followUp("resume", run)}`,
          )
          : showFault(
            `the runner was lost: ${end.how}; run ${run.id} had done nothing yet`,
            "start it again",
          ),
      );
      return exitCode.bug;
  }
}

/** A runner writes the first line of its journal before anything is done. */
function isBegun(folder: string): boolean {
  try {
    return Deno.statSync(`${folder}/journal.jsonl`).size > 0;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}
