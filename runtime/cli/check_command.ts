import {
  choice,
  command,
  commandLine,
  constant,
  merge,
  message,
  metavar,
  multiple,
  object,
  option,
  withDefault,
} from "@optique/core";
import { diagnosticFormats } from "../../engine/document/render.ts";
import { debug, pipelineFile, values } from "./options.ts";

export const checkCommand = command(
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
