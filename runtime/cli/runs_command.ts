import { command, commandLine, constant, message, object } from "@optique/core";
import { debug, listFormat, runs } from "./options.ts";

export const runsCommand = command(
  "runs",
  object({ command: constant("runs"), runs, format: listFormat, debug }),
  {
    brief: message`List runs`,
    description:
      message`Lists the runs of the folder, newest last: how each ended, for how long it was at work, and whether sluice resume goes on with it.`,
    footer: message`Example: ${commandLine("sluice runs --format json")}`,
  },
);
