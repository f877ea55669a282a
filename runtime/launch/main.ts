/**
 * The launcher, and so the program `sluice`: the trust root. It starts the planner, compares the set
 * that a plan needs with the lock, starts a runner with exactly that set in a box, and shows what it
 * tells. It holds no library, reads no YAML, and may start Deno and bubblewrap, nothing else.
 *
 * It imports what starts the planner. The rest it loads while that loads.
 *
 * @module
 */
import { type ExitCode, exitCode } from "../../engine/errors.ts";
import type { AgentLog } from "../sinks/agent_log.ts";
import type { AfterPlanning } from "./after_planning.ts";
import { onInterrupt } from "./interrupts.ts";
import { inKit } from "./deno_command.ts";
import type { Launching } from "./launching.ts";
import { openOutput } from "./open_output.ts";
import { lockTextOf } from "./lock_text.ts";
import { hasOption, optionValue } from "./command_line.ts";
import { findPlaces } from "./places.ts";
import { mayColor, screenOf } from "./screen.ts";
import { showError, showFault } from "./show_error.ts";
import { handedOf, signaturesOf } from "./signed/signatures_of.ts";
import { startPlanner, type Terminal } from "./start_planner.ts";
import type { Runner } from "./start_runner.ts";

/** Why standard output was not written to its end. */
let lost: string | undefined;
const stdout = openOutput(Deno.stdout, { onLost: (reason) => lost = reason });
const stderr = openOutput(Deno.stderr);
const log = await logOf(Deno.args);
/** Tells people, or the log, what went wrong. */
const fault = log?.fault ?? stderr.write;

if (import.meta.main) Deno.exit(await main(Deno.args));

/** Few command lines ask for it. A variable that it reads may hold no text. */
async function logOf(args: readonly string[]): Promise<AgentLog | undefined> {
  if (optionValue(args, "--tokens") !== "agent-log") return undefined;
  try {
    return (await import("./agent_log_of.ts")).agentLogOf(args, stdout.write);
  } catch (error) {
    const { text, exit } = showError(error, hasOption(args, "--debug"));
    stderr.write(text);
    await stderr.flush();
    Deno.exit(exit);
  }
}

/** The one place where an error becomes text and an exit code. */
async function main(args: readonly string[]): Promise<ExitCode> {
  const planning = new AbortController();
  let runner: Runner | undefined;
  using _listening = onInterrupt((signal, count) => {
    stdout.hurry();
    stderr.hurry();
    if (runner === undefined) planning.abort();
    else runner.interrupt(signal, count);
  });
  let exit: ExitCode;
  try {
    exit = await launch(args, planning.signal, (started) => runner = started);
  } catch (error) {
    const shown = showError(error, hasOption(args, "--debug"));
    fault(shown.text);
    exit = shown.exit;
  }
  log?.exit(exit);
  // A person may read for as long as they like; a collector that hangs must not hold a container.
  if (log !== undefined) stdout.hurry();
  await stdout.flush();
  if (lost !== undefined) fault(showFault(`standard output could not be written: ${lost}`));
  await stderr.flush();
  return exit;
}

async function launch(
  args: readonly string[],
  signal: AbortSignal,
  began: Launching["began"],
): Promise<ExitCode> {
  if (inKit) (await import("./refuse_in_kit.ts")).refuseInKit(args);
  const places = findPlaces(args, import.meta.url);
  const lock = lockTextOf(places);
  const signatures = await signaturesOf(args, places, lock.need);
  const world = { args, places, lock, signatures };
  const launching = { ...world, stdout, stderr, fault, log, signal, began };
  let loading: Promise<AfterPlanning> | undefined;
  const after = () => loading ??= loadAfter(launching);
  try {
    const { signed, signing } = signatures;
    const planned = await startPlanner(
      args,
      places,
      terminal(),
      signal,
      async () => (await after()).answers,
      { handed: signed && handedOf(signed), pipelines: signing?.pipelines },
    );
    const exit = planned.kind === "ended" ? planned.exit : await (await after()).perform(planned);
    // What a run did counts, whoever listens.
    if (planned.kind === "launch") return exit;
    // All that was asked for is what it wrote; half a plan is none.
    await stdout.flush();
    return lost === undefined || exit !== exitCode.done ? exit : exitCode.failed;
  } finally {
    await (await loading)?.[Symbol.asyncDispose]();
  }
}

/** Loads what is needed once the planner has been started. */
async function loadAfter(launching: Launching): Promise<AfterPlanning> {
  const { afterPlanning } = await import("./after_planning.ts");
  return afterPlanning(launching);
}

function terminal(): Terminal {
  const screen = screenOf(Deno.stdout);
  return {
    stdin: Deno.stdin.readable,
    stdout: stdout.write,
    stderr: fault,
    collect: log !== undefined,
    color: mayColor(screen.terminal),
    columns: screen.columns ?? 80,
  };
}
