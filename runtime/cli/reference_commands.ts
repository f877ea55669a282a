import {
  argument,
  command,
  commandLine,
  constant,
  message,
  object,
  optional,
  string,
} from "@optique/core";
import { debug, listFormat } from "./options.ts";

export const schemaCommand = command("schema", object({ command: constant("schema"), debug }), {
  brief: message`Write the JSON Schema of pipelines, for editors`,
  description:
    message`Writes the JSON Schema of pipelines to standard output. An editor with a YAML language server completes and checks pipelines by it.`,
  footer: message`Example: ${commandLine("sluice schema > schema/pipeline.schema.json")}`,
});

export const stepsCommand = command(
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

export const manCommand = command("man", object({ command: constant("man"), debug }), {
  brief: message`Write the manual page`,
  description: message`Writes the manual page sluice(1) to standard output.`,
  footer: message`Example: ${commandLine("sluice man > ~/.local/share/man/man1/sluice.1")}`,
});
