import {
  choice,
  command,
  commandLine,
  constant,
  flag,
  message,
  object,
  option,
  withDefault,
} from "@optique/core";
import { lockFormats } from "../../engine/surface/lock_format.ts";
import { debug } from "./options.ts";

export const lockCommand = command(
  "lock",
  object({
    command: constant("lock"),
    check: withDefault(
      flag("--check", {
        description:
          message`Write nothing; say how the lock differs from what the pipelines need: what would be widened, with its cause, and where the lock or a set of deno.json allows more than is needed. Exit code 0 when it does not, else 1.`,
      }),
      false,
    ),
    format: withDefault(
      option("--format", choice(lockFormats, { metavar: "FORM" }), {
        description:
          message`How differences are written: text, json, or github (annotations at the lines that cause them).`,
      }),
      "text",
    ),
    debug,
  }),
  {
    brief: message`Write what each surface may do, to be reviewed`,
    description:
      message`Computes what each surface of pipelines/surfaces.yaml needs or may have, and writes it to permissions.lock.json, and the sets of fixed surfaces to deno.json as well. Runs are held to it. Writes nothing, and ends with 2, while there is a finding that a reviewer would object to and that the surface does not accept with a reason.`,
    footer: message`Example: ${commandLine("sluice lock --check --format github")}`,
  },
);
