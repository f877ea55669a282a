import {
  choice,
  command,
  commandLine,
  constant,
  merge,
  message,
  object,
  option,
  optional,
  withDefault,
} from "@optique/core";
import { debug, pipelineFile, runs, signature, surface, values } from "./options.ts";

export const planCommand = command(
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
      message`Shows the steps of a pipeline with their effect, the programs, files and hosts that each may use, and how a failure is undone. Runs nothing. Its last line names the set of permissions. With --surface the exit code is 7 where the lock refuses a run of this, as the run's would be; without, a plan that no ceiling covers ends with 0, since its set can be accepted.`,
    footer: message`Example: ${
      commandLine("sluice plan pipelines/upgrade/apply.yaml --param bundle=/tmp/a-1.0.0.tar.zst")
    }`,
  },
);
