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
import type { AfterPlanning } from "./after_planning.ts";
import { onInterrupt } from "./interrupts.ts";
import { inKit } from "./deno_command.ts";
import type { Launching } from "./launching.ts";
import { lockTextOf } from "./lock_text.ts";
import { hasOption, optionValue } from "./command_line.ts";
import { findPlaces } from "./places.ts";
import { mayColor, screenOf } from "./screen.ts";
import { showError, showFault } from "./show_error.ts";
import { handedOf, signaturesOf } from "./signed/signatures_of.ts";
import { startPlanner, type Terminal } from "./start_planner.ts";
import type { Runner } from "./start_runner.ts";
import { writerTo } from "./write_output.ts";

/** Why standard output was not written to its end. */
let lost: string | undefined;
const stdout = writerTo(Deno.stdout, (reason) => lost = reason);
// Few command lines ask for it.
const log = optionValue(Deno.args, "--tokens") === "agent-log"
  ? (await import("./agent_log_of.ts")).agentLogOf(Deno.args, stdout)
  : undefined;
const stderr = log?.fault ?? writerTo(Deno.stderr);

if (import.meta.main) Deno.exit(await main(Deno.args));

/** The one place where an error becomes text and an exit code. */
async function main(args: readonly string[]): Promise<ExitCode> {
  try {
    const exit = await launch(args);
    log?.exit(exit);
    if (lost !== undefined) stderr(showFault(`standard output could not be written: ${lost}`));
    return exit;
  } catch (error) {
    const { text, exit } = showError(error, hasOption(args, "--debug"));
    stderr(text);
    log?.exit(exit);
    return exit;
  }
}

async function launch(args: readonly string[]): Promise<ExitCode> {
  if (inKit) (await import("./refuse_in_kit.ts")).refuseInKit(args);
  const places = findPlaces(args, import.meta.url);
  const planning = new AbortController();
  const { signal } = planning;
  let runner: Runner | undefined;
  using _listening = onInterrupt((signal, count) => {
    if (runner === undefined) planning.abort();
    else runner.interrupt(signal, count);
  });
  const lock = lockTextOf(places);
  const signatures = await signaturesOf(args, places, lock.need);
  const began = (started: Runner) => runner = started;
  const launching = { args, places, lock, signatures, stdout, stderr, log, signal, began };
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
    if (planned.kind !== "ended") return await (await after()).perform(planned);
    // All that was asked for is what it wrote; half a plan is none.
    return lost === undefined || planned.exit !== exitCode.done ? planned.exit : exitCode.failed;
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
    stdout,
    stderr,
    collect: log !== undefined,
    color: mayColor(screen.terminal),
    columns: screen.columns ?? 80,
  };
}
