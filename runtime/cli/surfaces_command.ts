import { command, commandLine, constant, message, object } from "@optique/core";
import { debug, listFormat } from "./options.ts";

/** `sluice surfaces`. */
export const surfacesCommand = command(
  "surfaces",
  object({ command: constant("surfaces"), format: listFormat, debug }),
  {
    brief: message`List what the lock lets be launched`,
    description:
      message`Lists the surfaces of permissions.lock.json: whether the set of each is fixed or computed within a ceiling, how many programs it may start, the digest of its set, its pipelines.`,
    footer: message`Example: ${commandLine("sluice surfaces --format json")}`,
  },
);
