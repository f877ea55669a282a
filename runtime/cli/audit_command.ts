import { choice, command, commandLine, constant, message, object, option } from "@optique/core";
import { withDefault } from "@optique/core";
import { debug, run, runs } from "./options.ts";

/** `sluice audit RUN`. */
export const auditCommand = command(
  "audit",
  object({
    command: constant("audit"),
    run,
    format: withDefault(
      option("--format", choice(["text", "json"], { metavar: "FORM" }), {
        description: message`text for people, json for programs.`,
      }),
      "text",
    ),
    runs,
    debug,
  }),
  {
    brief: message`Compare what a run attempted with what it declared`,
    description:
      message`Joins the log of permissions that Deno wrote for each process of a run with the record of its programs and with what its steps declared: what was attempted and not declared, and what was declared and never attempted, with the line that could be narrowed; what a program of the step has as well is told apart. Says what no log shows. Exit code 0 when nothing was attempted that was not declared, 1 when something was or when a log is damaged or missing beside others; 2 for a run that left no log at all, as one of a kit of a fixed surface, which has no launcher.`,
    footer: message`Example: ${commandLine("sluice audit 3f9a --format json")}`,
  },
);
