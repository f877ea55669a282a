import {
  command,
  commandLine,
  constant,
  merge,
  message,
  object,
  option,
  optional,
} from "@optique/core";
import {
  confinement,
  debug,
  pipelineFile,
  runs,
  showing,
  signature,
  surface,
  values,
} from "./options.ts";
import { file } from "./values.ts";

export const runCommand = command(
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
