import { type ExitCode, exitCode } from "../../engine/errors.ts";
import type { Registry } from "../../engine/registry.ts";
import { pipelineSchema } from "../../engine/schema/pipeline_schema.ts";
import { audit } from "./audit.ts";
import { check } from "./check.ts";
import type { Command } from "./definition.ts";
import { verifyLog } from "./verify_log.ts";
import { renderMan } from "./man.ts";
import { markDone } from "./mark_done.ts";
import { parseArguments } from "./parse_arguments.ts";
import { plan } from "./plan.ts";
import type { Place } from "./port.ts";
import { reportError } from "./report_error.ts";
import { resume } from "./resume.ts";
import { run } from "./run.ts";
import { runs } from "./runs.ts";
import { steps } from "./steps.ts";
import { tokens } from "./tokens.ts";

/**
 * The command line `sluice`: reads the arguments, does what they ask for, and gives the exit code.
 * Never throws: every error is shown, and has a code.
 */
export async function runCli(
  args: readonly string[],
  place: Place,
  registry: Registry,
): Promise<ExitCode> {
  const { context, port } = place;
  let debug = args.includes("--debug");
  try {
    const parsed = parseArguments(args, context);
    switch (parsed.kind) {
      case "text":
        port.out(parsed.text);
        return exitCode.done;
      case "fault":
        port.err(`sluice: ${parsed.message}\n  help: ${parsed.hint}\n`);
        return exitCode.usage;
      case "command":
        debug = parsed.command.debug;
        return await dispatch(parsed.command, place, registry);
    }
  } catch (error) {
    const { text, exit } = reportError(error, debug);
    port.err(text);
    return exit;
  }
}

function dispatch(
  command: Command,
  place: Place,
  registry: Registry,
): ExitCode | Promise<ExitCode> {
  switch (command.command) {
    case "check":
      return check(command, place, registry);
    case "plan":
      return plan(command, place, registry);
    case "run":
      return run(command, place, registry);
    case "resume":
    case "undo":
      return resume(command, place, registry);
    case "mark-done":
      return markDone(command, place, registry);
    case "runs":
      return runs(command, place);
    case "audit":
      return audit(command, place);
    case "schema":
      place.port.out(JSON.stringify(pipelineSchema(registry), null, 2) + "\n");
      return exitCode.done;
    case "steps":
      return steps(command, place, registry);
    case "tokens":
      return tokens(command, place);
    case "log verify":
      return verifyLog(command, place);
    case "man":
      place.port.out(renderMan());
      return exitCode.done;
  }
}
