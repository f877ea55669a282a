import { argument, flag, message, multiple, option, optional, string } from "@optique/core";
import { withDefault } from "@optique/core";
import { defaultPrefix, defaultUnitDir } from "../launch/compile/deploy_places.ts";
import { file } from "./values.ts";

/**
 * What `compile`, `install` and `uninstall` share. The launcher reads where things are written from
 * its own arguments, by the same names; here they are for help and for faults.
 */

export const surfaceName = argument(string({ metavar: "SURFACE" }), {
  description: message`The surface, as pipelines/surfaces.yaml names it.`,
});

export const deployRuns = optional(option("--runs", file("DIR", []), {
  description:
    message`Where the machine keeps the runs; absolute. Default: /var/lib/sluice/SURFACE.`,
}));

export const prefix = withDefault(
  option("--prefix", file("DIR", []), {
    description: message`Where kits lie on the machine, a folder for each surface; absolute.`,
  }),
  defaultPrefix,
);

export const unitDir = withDefault(
  option("--unit-dir", file("DIR", []), {
    description: message`Where systemd looks for units; absolute.`,
  }),
  defaultUnitDir,
);

export const root = optional(option("--root", file("DIR", []), {
  description:
    message`Put before everything that is written, and into no file: to put an image together.`,
}));

export const programs = multiple(option("--program", string({ metavar: "NAME=PATH" }), {
  description:
    message`Where the machine has a program, for example systemctl=/usr/bin/systemctl, where it is elsewhere than here or not here; may be repeated.`,
}));

export const dryRun = withDefault(
  flag("--dry-run", { description: message`Write nothing; print what would be written.` }),
  false,
);
