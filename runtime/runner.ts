/**
 * The runner: the process in which steps run, with exactly the permissions of their plan.
 *
 * With `--launched` the launcher's request is on standard input, and events go to it. Without, it is
 * the runner of a unit or a start script with fixed flags: it reads a plan from a file and writes the
 * tokens itself; nothing starts brokered programs for it.
 *
 * @module
 */
import {
  type ExitCode,
  exitCode,
  RefusedError,
  SluiceError,
  withoutAdvice,
} from "../engine/errors.ts";
import { onInterrupt } from "./launch/interrupts.ts";
import { answerHello } from "./runner/hello.ts";
import { type Interruption, makeInterruption } from "./runner/interruption.ts";
import { linkLauncher } from "./runner/launcher_link.ts";
import { runPlan } from "./runner/run_plan.ts";
import { writeWhole } from "./runner/write_whole.ts";

if (import.meta.main) Deno.exit(await main(Deno.args));

/**
 * Runs what the arguments say.
 *
 * @param shipped the plan that a binary has in it; read as critically as one from a file
 */
export async function main(args: readonly string[], shipped?: unknown): Promise<ExitCode> {
  // What nobody awaited has no step to fail: the end, at once. The journal knows how to go on.
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    Deno.exit(tell(event.reason));
  });
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    Deno.exit(tell(event.error));
  });
  const [first, greeting] = args.slice(-2);
  if (first === "--hello" && greeting !== undefined) {
    await answerHello(greeting);
    return exitCode.done;
  }
  const interruption = makeInterruption();
  onInterrupt((signal) => interruption.ask(signal));
  try {
    if (args[0] === "--launched") return await runLaunched(interruption);
    const { runStandalone } = await import("./runner/standalone.ts");
    return await runStandalone(args, interruption, shipped);
  } catch (error) {
    return tell(error);
  }
}

async function runLaunched(interruption: Interruption): Promise<ExitCode> {
  const { request, say, broker, foreign, shedBrokered } = await linkLauncher(interruption);
  const { mode, plan, permissions, programs, box, process } = request;
  const run = { ...request.run, pid: request.pid };
  const emit = (event: Parameters<Parameters<typeof runPlan>[0]["emit"]>[0]) =>
    say({ type: "event", event });
  try {
    const told = { mode, plan, permissions, run, programs, launched: { box, process } };
    const order = { ...told, emit, broker, foreign, shedBrokered, interruption };
    return (await runPlan(order)).exit;
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    const { exit, message, hint } = error;
    say({ type: "stopped", exit, message, ...(hint === undefined ? {} : { hint }) });
    return exit;
  }
}

/** The one place where an error becomes text and an exit code. */
function tell(error: unknown): ExitCode {
  if (error instanceof Deno.errors.NotCapable) {
    // Deno's own advice would be to give up the sandbox.
    return tell(
      new RefusedError(withoutAdvice(error.message), {
        hint: "the flags of this process do not cover what it was asked to do",
      }),
    );
  }
  const known = error instanceof SluiceError;
  const hint = known && error.hint !== undefined ? `\n  help: ${error.hint}` : "";
  const what = known ? error.message : error instanceof Error ? error.stack : String(error);
  try {
    writeWhole(Deno.stderr, `sluice: ${known ? "" : "bug: "}${what}${hint}\n`);
  } catch {
    // Nobody listens.
  }
  return known ? error.exit : exitCode.bug;
}
