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
import { file, lineHash } from "./values.ts";

export const tokensCommand = command(
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

export const logCommand = command(
  "log",
  command(
    "verify",
    object({
      command: constant("log verify"),
      file: argument(file("FILE", [".jsonl", ".log"]), {
        description: message`A journal or an audit log, for example /var/log/atp/audit.log.`,
      }),
      head: optional(option("--head", lineHash(), {
        description:
          message`The head that an earlier verification printed and that was kept elsewhere: the log must still hold that line, whatever follows it.`,
      })),
      debug,
    }),
    {
      brief: message`Verify that no line of a hash-chained log was changed`,
      description:
        message`Verifies a journal or an audit log: that no line was changed, removed or put in. That its last lines were cut off, or all of it was written anew, is seen with --head only. Exit code 0 when it is whole, 1 when not, 2 for a file that is no such log.`,
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
