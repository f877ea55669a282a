import {
  argument,
  choice,
  command,
  commandLine,
  constant,
  flag,
  type InferValue,
  merge,
  message,
  metavar,
  multiple,
  object,
  option,
  optional,
  or,
  type Parser,
  string,
  text,
  withDefault,
} from "@optique/core";
import { diagnosticFormats } from "../../engine/document/render.ts";
import { auditCommand } from "./audit_command.ts";
import { compileCommand } from "./compile_command.ts";
import { installCommand, uninstallCommand } from "./install_command.ts";
import {
  confinement,
  debug,
  listFormat,
  pipelineFile,
  run,
  runs,
  showing,
  signature,
  surface,
  values,
} from "./options.ts";
import { exitMeanings } from "./exit_meanings.ts";
import { lockCommand } from "./lock_command.ts";
import { permissionsCommand } from "./permissions_command.ts";
import { signCommand } from "./sign_command.ts";
import { surfacesCommand } from "./surfaces_command.ts";
import { file } from "./values.ts";
import { verifyCommand } from "./verify_command.ts";
import { version } from "./version.ts";

const check = command(
  "check",
  merge(
    object({
      command: constant("check"),
      files: multiple(pipelineFile, {
        min: 1,
        errors: { tooFew: message`Name at least one ${metavar("FILE")} to check.` },
      }),
      format: withDefault(
        option("--format", choice(diagnosticFormats, { metavar: "FORM" }), {
          description:
            message`How faults are written: text with excerpts to standard error; json, sarif or github (annotations) to standard output.`,
        }),
        "text",
      ),
      debug,
    }),
    values,
  ),
  {
    brief: message`Find every fault of pipelines without running anything`,
    description:
      message`Finds every fault of pipelines, of form and of meaning, without running anything. Without --param and --params, parameters need no value. Exit code 0 when there is no fault, else 2.`,
    footer: message`Example: ${commandLine("sluice check pipelines/upgrade/*.yaml")}`,
  },
);

const plan = command(
  "plan",
  merge(
    object({
      command: constant("plan"),
      file: optional(pipelineFile),
      surface,
      format: withDefault(
        option("--format", choice(["text", "json", "mermaid"], { metavar: "FORM" }), {
          description:
            message`text for people, json for sluice run --plan, mermaid for a diagram of the graph.`,
        }),
        "text",
      ),
      runs,
      debug,
    }),
    values,
    signature,
  ),
  {
    brief: message`Show what a run would do, touch and undo`,
    description:
      message`Shows the steps of a pipeline with their effect, the programs, files and hosts that each may use, and how a failure is undone. Runs nothing. Its last line names the set of permissions.`,
    footer: message`Example: ${
      commandLine("sluice plan pipelines/upgrade/apply.yaml --param bundle=/tmp/a-1.0.0.tar.zst")
    }`,
  },
);

const runCommand = command(
  "run",
  merge(
    object({
      command: constant("run"),
      file: optional(pipelineFile),
      plan: optional(option("--plan", file("FILE", [".json"]), {
        description:
          message`Run a plan that sluice plan --format json wrote, instead of a pipeline's file.`,
      })),
      surface,
      runs,
      debug,
    }),
    values,
    confinement,
    showing,
    signature,
  ),
  {
    brief: message`Run a pipeline`,
    description:
      message`Plans a pipeline and runs it with exactly the permissions that the plan computed. A failed run undoes what it did. Tokens go to standard output, everything for people to standard error.`,
    footer: message`Example: ${
      commandLine("sluice run pipelines/upgrade/apply.yaml --params site.yaml")
    }`,
  },
);

const resume = command(
  "resume",
  merge(
    object({
      command: constant("resume"),
      run,
      again: withDefault(
        flag("--again", {
          description:
            message`Also run irreversible steps again that were interrupted; without it, such a step stops the run with exit code 4.`,
        }),
        false,
      ),
      runs,
      debug,
    }),
    confinement,
    showing,
    signature,
  ),
  {
    brief: message`Go on with a run that was interrupted`,
    description:
      message`Goes on with a run after a crash or an interrupt. Steps that finished are not run again.`,
    footer: message`Example: ${commandLine("sluice resume 3f9a")}`,
  },
);

const undo = command(
  "undo",
  merge(
    object({ command: constant("undo"), run, runs, debug }),
    confinement,
    showing,
    signature,
  ),
  {
    brief: message`Undo what a run did`,
    description:
      message`Undoes the steps of a run that can be undone, in reverse order of their completion, back to the last commit.`,
    footer: message`Example: ${commandLine("sluice undo 3f9a")}`,
  },
);

const markDone = command(
  "mark-done",
  object({
    command: constant("mark-done"),
    run,
    step: argument(string({ metavar: "STEP" }), {
      description: message`Id of the step in the plan, for example P5-3.`,
    }),
    reason: option("--reason", string({ metavar: "TEXT" }), {
      description: message`Why it is known to be done; goes into the journal with your name.`,
    }),
    facts: optional(option("--facts", string({ metavar: "JSON" }), {
      description:
        message`The facts that later steps read from it, as a JSON object, for example '{"release": "1.4.0"}'.`,
    })),
    runs,
    debug,
  }),
  {
    brief: message`Record that an interrupted step is done`,
    description:
      message`Records that a step is done which was interrupted and cannot be undone, so that the run can be resumed after it.`,
    footer: message`Example: ${
      commandLine('sluice mark-done 3f9a P5-3 --reason "checked by hand"')
    }`,
  },
);

const listRuns = command(
  "runs",
  object({ command: constant("runs"), runs, format: listFormat, debug }),
  {
    brief: message`List runs`,
    description: message`Lists the runs of the folder, newest last, with outcome and duration.`,
    footer: message`Example: ${commandLine("sluice runs --format json")}`,
  },
);

const schema = command("schema", object({ command: constant("schema"), debug }), {
  brief: message`Write the JSON Schema of pipelines, for editors`,
  description:
    message`Writes the JSON Schema of pipelines to standard output. An editor with a YAML language server completes and checks pipelines by it.`,
  footer: message`Example: ${commandLine("sluice schema > schema/pipeline.schema.json")}`,
});

const steps = command(
  "steps",
  object({
    command: constant("steps"),
    name: optional(argument(string({ metavar: "NAME" }), {
      description: message`Name of a step, for example release.switch.`,
    })),
    format: listFormat,
    debug,
  }),
  {
    brief: message`List the steps that pipelines can use, or explain one`,
    description:
      message`Lists the steps that pipelines can use; with NAME, documents one from its own definition: parameters, facts, effect, permissions and an example. A NAME such as ./my_step.ts is a file that is a step; it is asked in a process without any permission.`,
    footer: message`Example: ${commandLine("sluice steps release.switch")}`,
  },
);

const tokens = command(
  "tokens",
  object({
    command: constant("tokens"),
    file: argument(file("FILE|-", [".log", ".txt", ".jsonl"]), {
      description: message`A log with tokens, or - for standard input.`,
    }),
    as: withDefault(
      option("--as", choice(["text", "json", "junit", "github"], { metavar: "FORM" }), {
        description: message`What to write: a summary, JSON, JUnit XML or GitHub annotations.`,
      }),
      "text",
    ),
    debug,
  }),
  {
    brief: message`Verify the tokens of a log, and convert them`,
    description:
      message`Reads the tokens of a log, in either form, and checks order, sequence and, with SLUICE_TOKEN_KEY set, the mac of each. Exit code 0 when all is in order, whatever became of the steps, else 1.`,
    footer: message`Example: ${commandLine("sluice tokens build.log --as junit > junit.xml")}`,
  },
);

const log = command(
  "log",
  command(
    "verify",
    object({
      command: constant("log verify"),
      file: argument(file("FILE", [".jsonl", ".log"]), {
        description: message`A journal or an audit log, for example /var/log/atp/audit.log.`,
      }),
      debug,
    }),
    {
      brief: message`Verify that no line of a hash-chained log was changed`,
      description:
        message`Verifies a journal or an audit log: that no line was changed, removed or put in. Exit code 0 when it is whole, 1 when not.`,
      footer: message`Example: ${commandLine("sluice log verify /var/log/atp/audit.log")}`,
      errors: {
        notFound: message`Say what to do with the log: ${commandLine("sluice log verify FILE")}.`,
        notMatched: message`What is done with a log is ${commandLine("sluice log verify FILE")}.`,
      },
    },
  ),
  {
    brief: message`Verify that no line of a hash-chained log was changed`,
  },
);

const man = command("man", object({ command: constant("man"), debug }), {
  brief: message`Write the manual page`,
  description: message`Writes the manual page sluice(1) to standard output.`,
  footer: message`Example: ${commandLine("sluice man > ~/.local/share/man/man1/sluice.1")}`,
});

const commands = {
  check,
  plan,
  run: runCommand,
  resume,
  undo,
  "mark-done": markDone,
  lock: lockCommand,
  surfaces: surfacesCommand,
  permissions: permissionsCommand,
  sign: signCommand,
  verify: verifyCommand,
  compile: compileCommand,
  install: installCommand,
  uninstall: uninstallCommand,
  runs: listRuns,
  audit: auditCommand,
  tokens,
  log,
  schema,
  steps,
  man,
};

// Nested: a choice takes fifteen at most.
const parser = or(
  or(check, plan, runCommand, resume, undo, markDone),
  or(lockCommand, surfacesCommand, permissionsCommand),
  or(signCommand, verifyCommand),
  or(compileCommand, installCommand, uninstallCommand),
  or(listRuns, auditCommand, tokens, log),
  or(schema, steps, man),
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
