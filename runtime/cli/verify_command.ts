import {
  argument,
  choice,
  command,
  commandLine,
  constant,
  message,
  object,
  option,
  optional,
  withDefault,
} from "@optique/core";
import { debug } from "./options.ts";
import { file } from "./values.ts";

/** `sluice verify FILE --keys KEYS`. */
export const verifyCommand = command(
  "verify",
  object({
    command: constant("verify"),
    target: argument(file("FILE|SURFACE", [".yaml", ".yml"]), {
      description:
        message`The pipeline, for example pipelines/upgrade/apply.yaml, or a surface of the lock that has one.`,
    }),
    keys: option("--keys", file("KEYS", [".pub"]), {
      description:
        message`A public key, or a folder of them (*.pub), of which one has to have signed.`,
    }),
    signature: optional(option("--signature", file("FILE", [".json"]), {
      description:
        message`The file of the signature, where it does not stand beside the pipeline yet: what sluice sign --output wrote.`,
    })),
    format: withDefault(
      option("--format", choice(["text", "json"], { metavar: "FORM" }), {
        description: message`text for people, json for programs.`,
      }),
      "text",
    ),
    debug,
  }),
  {
    brief: message`Verify the signature of a pipeline`,
    description:
      message`Verifies that a pipeline is what was signed: its texts, the steps of others, the code of this installation that runs steps, and what its lock says of it. Runs nothing, and needs the public key only. Exit code 0 when all is as it was signed, else 6.`,
    footer: message`Example: ${
      commandLine("sluice verify pipelines/upgrade/apply.yaml --keys release.pub")
    }`,
  },
);
