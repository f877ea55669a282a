import { command, commandLine, constant, message, object } from "@optique/core";
import { debug, listFormat, runs } from "./options.ts";

export const runsCommand = command(
  "runs",
  object({ command: constant("runs"), runs, format: listFormat, debug }),
  {
    brief: message`List runs`,
    description: message`Lists the runs of the folder, newest last, with outcome and duration.`,
    footer: message`Example: ${commandLine("sluice runs --format json")}`,
  },
);
