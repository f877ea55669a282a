import {
  argument,
  command,
  commandLine,
  constant,
  flag,
  message,
  object,
  option,
  optional,
  string,
  withDefault,
} from "@optique/core";
import { debug } from "./options.ts";
import { file } from "./values.ts";

/** A place of a secret: the launcher reads it, and no value of it ever stands here. */
const place = string({ metavar: "file:PATH|env:NAME" });

/** `sluice sign FILE`. */
export const signCommand = command(
  "sign",
  object({
    command: constant("sign"),
    target: argument(file("FILE|SURFACE", [".yaml", ".yml"]), {
      description:
        message`A pipeline, for example pipelines/upgrade/apply.yaml, or a surface of the lock, for all of its pipelines.`,
    }),
    key: optional(option("--key", place, {
      description:
        message`Where the signing key is: a file or a variable with PKCS#8 in PEM, of Ed25519 or ECDSA P-256, or an encrypted cosign.key.`,
    })),
    password: optional(option("--password", place, {
      description:
        message`Where the password of an encrypted key is. Default: env:COSIGN_PASSWORD.`,
    })),
    output: optional(option("--output", file("FILE", [".json"]), {
      description:
        message`The file of the signature. Default: the pipeline's name with .sig.json after it, where sluice looks for it.`,
    })),
    expires: optional(option("--expires", string({ metavar: "TIME" }), {
      description:
        message`From when on it is not valid any more, in UTC, for example 2027-01-01T00:00:00Z. Default: it stays valid.`,
    })),
    print: withDefault(
      flag("--print", {
        description: message`Write what is signed to standard output; without --key, sign nothing.`,
      }),
      false,
    ),
    debug,
  }),
  {
    brief: message`Sign a pipeline with all that decides what it does`,
    description:
      message`Signs what a pipeline is made from: its text and those that it includes, the files of steps of others, the code that runs steps, and what the lock says of it. The same files give the same signature. Exit code 2 when the pipeline has faults.`,
    footer: message`Example: ${
      commandLine("sluice sign pipelines/upgrade/apply.yaml --key file:release.key")
    }`,
  },
);
