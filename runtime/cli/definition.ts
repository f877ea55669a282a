import { commandLine, type InferValue, message, or, type Parser, text } from "@optique/core";
import { auditCommand } from "./audit_command.ts";
import { checkCommand } from "./check_command.ts";
import { compileCommand } from "./compile_command.ts";
import { exitMeanings } from "./exit_meanings.ts";
import { installCommand, uninstallCommand } from "./install_command.ts";
import { lockCommand } from "./lock_command.ts";
import { logCommand, tokensCommand } from "./log_commands.ts";
import { permissionsCommand } from "./permissions_command.ts";
import { planCommand } from "./plan_command.ts";
import { manCommand, schemaCommand, stepsCommand } from "./reference_commands.ts";
import { markDoneCommand, resumeCommand, undoCommand } from "./resume_commands.ts";
import { runCommand } from "./run_command.ts";
import { runsCommand } from "./runs_command.ts";
import { signCommand } from "./sign_command.ts";
import { surfacesCommand } from "./surfaces_command.ts";
import { verifyCommand } from "./verify_command.ts";
import { version } from "./version.ts";

const commands = {
  check: checkCommand,
  plan: planCommand,
  run: runCommand,
  resume: resumeCommand,
  undo: undoCommand,
  "mark-done": markDoneCommand,
  lock: lockCommand,
  surfaces: surfacesCommand,
  permissions: permissionsCommand,
  sign: signCommand,
  verify: verifyCommand,
  compile: compileCommand,
  install: installCommand,
  uninstall: uninstallCommand,
  runs: runsCommand,
  audit: auditCommand,
  tokens: tokensCommand,
  log: logCommand,
  schema: schemaCommand,
  steps: stepsCommand,
  man: manCommand,
};

// Nested: a choice takes fifteen at most.
const parser = or(
  or(checkCommand, planCommand, runCommand, resumeCommand, undoCommand, markDoneCommand),
  or(lockCommand, surfacesCommand, permissionsCommand),
  or(signCommand, verifyCommand),
  or(compileCommand, installCommand, uninstallCommand),
  or(runsCommand, auditCommand, tokensCommand, logCommand),
  or(schemaCommand, stepsCommand, manCommand),
);

/** What was asked for, as {@linkcode program} reads it. */
export type Command = InferValue<typeof parser>;

/** The command line: parser, help, completions and the manual come from this one definition. */
export const program = {
  parser,
  /** The parser of each command alone, by its first word. */
  commands: new Map<string, Parser<"sync", Command, unknown>>(Object.entries(commands)),
  metadata: {
    name: "sluice",
    version,
    brief: message`Pipelines of typed steps, each with exactly the permissions it needs`,
    footer: message`Exit codes: ${
      text(exitMeanings.map(([code, meaning]) => `${code} ${meaning}`).join(", "))
    }. Help of a command: ${commandLine("sluice help COMMAND")}`,
  },
};
