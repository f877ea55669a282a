import { RefusedError } from "../../engine/errors.ts";
import type { RunBox } from "../../engine/permissions/box/run_box.ts";
import { pathCovers } from "../../engine/permissions/path.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import { type Box, describeBox } from "./box.ts";
import { enterBox } from "./enter_box.ts";
import { findInstalled } from "./find_programs.ts";
import { lookAtPath } from "./look_at_path.ts";
import type { LaunchPlaces } from "./places.ts";

/**
 * What would hold a process with this set, if it were started here and now, and what it is to read that
 * is not there, such as the file of a secret; nothing is started.
 */
export function foreseeBox(box: Box, set: Permissions, places: LaunchPlaces): RunBox {
  const names = set.run.map(({ program }) => program).filter((name) => !name.startsWith("/"));
  const programs = Object.fromEntries(
    Object.entries(findInstalled(names)).map(([name, { path }]) => [name, path]),
  );
  const command = { program: places.deno, args: [], env: {}, cwd: places.cwd };
  try {
    const { notes } = enterBox(box, command, { set, programs }, places);
    return describeBox(box, [...notes, ...absent(set, notes)]);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    const hint = error.hint === undefined ? "" : ` (${error.hint})`;
    return describeBox(box, [`it would be refused: ${error.message}${hint}`]);
  }
}

/** One clause each for what is to be read, and neither there nor written by the run itself. */
function absent({ read, write }: Permissions, notes: readonly string[]): readonly string[] {
  return read.filter((path) =>
    lookAtPath(path).kind === "missing" && !write.some((outer) => pathCovers(outer, path)) &&
    !notes.some((note) => note.startsWith(`${path} is not there`))
  ).map((path) => `${path} is to be read, and is not there yet`);
}
