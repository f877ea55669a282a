import { command, commandLine, constant, merge, message, object } from "@optique/core";
import { option, optional } from "@optique/core";
import {
  deployRuns,
  dryRun,
  prefix,
  programs,
  root,
  surfaceName,
  unitDir,
} from "./deploy_options.ts";
import { debug, signature, values } from "./options.ts";
import { file } from "./values.ts";

/** `sluice install SURFACE`. */
export const installCommand = command(
  "install",
  merge(
    object({
      command: constant("install"),
      surface: surfaceName,
      pipeline: optional(option("--pipeline", file("FILE", [".yaml", ".yml", ".json"]), {
        description: message`Which pipeline, of an open surface that has several.`,
      })),
      prefix,
      unitDir,
      root,
      runs: deployRuns,
      programs,
      dryRun,
      debug,
    }),
    values,
    signature,
  ),
  {
    brief: message`Put a surface on this machine, with its start script and its unit`,
    description:
      message`Plans a surface with the values that are given, fixes its permissions, and writes the start script, the plan and the systemd unit. Exit code 7, with nothing written, when the ceiling of the surface does not cover what the plan needs. What was installed before stays whole until the unit names the new one; sluice uninstall takes it away.`,
    footer: message`Example: ${
      commandLine(
        "sluice install upgrade --pipeline pipelines/upgrade/apply.yaml --params site.yaml",
      )
    }`,
  },
);

/** `sluice uninstall SURFACE`. */
export const uninstallCommand = command(
  "uninstall",
  object({
    command: constant("uninstall"),
    surface: surfaceName,
    prefix,
    unitDir,
    root,
    debug,
  }),
  {
    brief: message`Take away what sluice install put on this machine`,
    description:
      message`Removes the unit and the kit of a surface, exactly as they were installed. Files that somebody changed or added are kept and named, and the exit code is then 3. Runs are kept.`,
    footer: message`Example: ${commandLine("sluice uninstall upgrade")}`,
  },
);
