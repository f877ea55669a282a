import { RefusedError } from "../../engine/errors.ts";
import type { RunBox } from "../../engine/permissions/box/run_box.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import { type Box, describeBox } from "./box.ts";
import { enterBox } from "./enter_box.ts";
import { findInstalled } from "./find_programs.ts";
import type { LaunchPlaces } from "./places.ts";

/** What would hold a process with this set, if it were started here and now; nothing is started. */
export function foreseeBox(box: Box, set: Permissions, places: LaunchPlaces): RunBox {
  const names = set.run.map(({ program }) => program).filter((name) => !name.startsWith("/"));
  const programs = Object.fromEntries(
    Object.entries(findInstalled(names)).map(([name, { path }]) => [name, path]),
  );
  const command = { program: places.deno, args: [], env: {}, cwd: places.cwd };
  try {
    return describeBox(box, enterBox(box, command, { set, programs }, places).notes);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    const hint = error.hint === undefined ? "" : ` (${error.hint})`;
    return describeBox(box, [`it would be refused: ${error.message}${hint}`]);
  }
}
