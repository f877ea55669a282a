import { command, commandLine, constant, flag, merge, message, object } from "@optique/core";
import { option, withDefault } from "@optique/core";
import { deployRuns, prefix, programs, surfaceName } from "./deploy_options.ts";
import { debug, signature, values } from "./options.ts";
import { file } from "./values.ts";

/** `sluice compile SURFACE`. */
export const compileCommand = command(
  "compile",
  merge(
    object({
      command: constant("compile"),
      surface: surfaceName,
      output: option("--output", file("DIR", []), {
        description:
          message`The folder to make, for example dist/watch; an older one is replaced if it was made so and nobody changed it.`,
      }),
      binary: withDefault(
        flag("--binary", {
          description:
            message`One program instead of Deno and a file. Needs the denort of this version of Deno: fetched, or named by DENORT_BIN.`,
        }),
        false,
      ),
      prefix,
      runs: deployRuns,
      programs,
      debug,
    }),
    values,
    signature,
  ),
  {
    brief: message`Make a folder that runs a surface by itself`,
    description:
      message`Makes a folder with everything that a machine needs to run a surface: no checkout, no network and no cache. The same sources give the same bytes. Of a fixed surface: the runtime, the runner as one file, the resolved plan, a start script with exactly the locked permissions, a systemd unit, and the sums of all. Of an open one, which is planned at each start: the runtime, the launcher and what it starts, the pipelines, and what the lock says of it.`,
    footer: message`Example: ${
      commandLine("sluice compile appliance-watch --output dist/appliance-watch")
    }`,
  },
);
