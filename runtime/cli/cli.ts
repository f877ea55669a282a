import { harmless } from "../../engine/document/printable.ts";
import { hasOption } from "../launch/command_line.ts";
import { type ExitCode, exitCode } from "../../engine/errors.ts";
import type { Registry } from "../../engine/registry.ts";
import type { Command } from "./definition.ts";
import { parseArguments } from "./parse_arguments.ts";
import type { Place } from "./port.ts";
import { reportError } from "./report_error.ts";

/**
 * The command line `sluice`: reads the arguments, does what they ask for, and gives the exit code.
 * Never throws: every error is shown, and has a code. Whosever words a command writes, text or JSON,
 * nothing in them steers a terminal, turns text around or cannot be seen.
 */
export async function runCli(
  args: readonly string[],
  world: Place,
  registry: Registry,
): Promise<ExitCode> {
  const place = withoutHarm(world);
  const { context, port } = place;
  let debug = hasOption(args, "--debug");
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

function withoutHarm({ context, port }: Place): Place {
  const shown = (text: string) => harmless(text, context.color);
  const { out, err } = port;
  return {
    context,
    port: { ...port, out: (text) => out(shown(text)), err: (text) => err(shown(text)) },
  };
}

/** Loads what the command needs, and nothing of the others: most of a planner's start is loading. */
async function dispatch(command: Command, place: Place, registry: Registry): Promise<ExitCode> {
  switch (command.command) {
    case "check":
      return (await import("./check.ts")).check(command, place, registry);
    case "plan":
      return (await import("./plan.ts")).plan(command, place, registry);
    case "run":
      return (await import("./run.ts")).run(command, place, registry);
    case "resume":
    case "undo":
      return (await import("./resume.ts")).resume(command, place, registry);
    case "mark-done":
      return (await import("./mark_done.ts")).markDone(command, place, registry);
    case "lock":
      return (await import("./lock.ts")).lock(command, place, registry);
    case "surfaces":
      return (await import("./surfaces.ts")).surfaces(command, place);
    case "permissions":
      return (await import("./permissions.ts")).permissions(command, place, registry);
    case "runs":
      return (await import("./runs.ts")).runs(command, place);
    case "audit":
      return (await import("./audit.ts")).audit(command, place);
    case "sign":
      return (await import("./sign.ts")).sign(command, place, registry);
    case "verify":
      return (await import("./verify.ts")).verify(command, place);
    case "schema": {
      const { pipelineSchema } = await import("../../engine/schema/pipeline_schema.ts");
      place.port.out(JSON.stringify(pipelineSchema(registry), null, 2) + "\n");
      return exitCode.done;
    }
    case "steps":
      return (await import("./steps.ts")).steps(command, place, registry);
    case "tokens":
      return (await import("./tokens.ts")).tokens(command, place);
    case "log verify":
      return (await import("./verify_log.ts")).verifyLog(command, place);
    case "compile":
      return (await import("./deploy.ts")).compile(command, place, registry);
    case "install":
      return (await import("./deploy.ts")).install(command, place, registry);
    case "uninstall":
      return (await import("./deploy.ts")).uninstall(command, place);
    case "man": {
      const { renderMan } = await import("./man.ts");
      place.port.out(renderMan());
      return exitCode.done;
    }
  }
}
