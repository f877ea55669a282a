import { RefusedError } from "../../engine/errors.ts";
import { pathCovers } from "../../engine/permissions/path.ts";
import type { ForeignSets } from "../../engine/permissions/foreign_sets.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import type { LaunchPlaces } from "./places.ts";
import { realPath } from "./real_paths.ts";
import { trustedPaths } from "./trusted_paths.ts";

/**
 * Refuses sets through which a run could write among the runs anywhere but in its own folder, whatever
 * a ceiling says and whoever accepted it: the plans, the journals and the launcher's records of others
 * are there. A folder above counts as well, and what a program writes in a box of its own, as they are
 * spelled and behind links.
 *
 * @param folder of the run at hand
 * @throws RefusedError
 */
export function refuseRuns(
  { write, run }: Permissions,
  folder: string,
  { runs }: Pick<LaunchPlaces, "runs">,
): void {
  const kept = [runs, realPath(runs)];
  const own = [folder, realPath(folder)];
  const reached = [...write, ...run.flatMap(({ box }) => box?.write ?? [])].find((path) =>
    [path, realPath(path)].some((each) =>
      !own.some((mine) => pathCovers(mine, each)) &&
      kept.some((root) => pathCovers(root, each) || pathCovers(each, root))
    )
  );
  if (reached === undefined) return;
  throw new RefusedError(
    `no step may write ${reached}: it reaches ${runs}, where other runs are kept`,
    { hint: "let it write a folder of its own, or keep the runs elsewhere: --runs DIR" },
  );
}

/**
 * Refuses steps of others that are granted something of another run by name, a program or what is in
 * its box as well. All runs are out of their sight, but in no box a grant on a path below a denied
 * folder outweighs the denial.
 *
 * Refuses those too that may write a folder above all runs, or above what decides how processes are
 * started: what is out of sight there, or read-only, can be given another name with the folder that
 * holds it, and something else be put in its place.
 *
 * @throws RefusedError
 */
export function refuseGrantedRuns(
  steps: ForeignSets,
  folder: string,
  places: LaunchPlaces,
): void {
  const { runs } = places;
  const kept = [runs, realPath(runs)];
  const own = [folder, realPath(folder)];
  for (const [id, sets] of Object.entries(steps)) {
    const paths = [sets.run, sets.undo].flatMap(({ read, write, run }) => [
      ...read,
      ...write,
      ...run.flatMap(({ program, box }) => [program, ...box?.read ?? [], ...box?.write ?? []]),
    ]);
    const reached = paths.find((path) =>
      [path, realPath(path)].some((each) =>
        kept.some((root) => pathCovers(root, each)) && !own.some((mine) => pathCovers(mine, each))
      )
    );
    if (reached === undefined) {
      for (const set of [sets.run, sets.undo]) refuseAbove(id, set, places);
      continue;
    }
    throw new RefusedError(
      `${id} is granted ${reached}, which is in ${runs}: no step of others sees another run`,
      { hint: "have the run that made it leave it elsewhere, in a folder of its own" },
    );
  }
}

function refuseAbove(id: string, { write, run }: Permissions, places: LaunchPlaces): void {
  const { runs } = places;
  const kept = [runs, realPath(runs), ...trustedPaths(places)];
  for (const path of [...write, ...run.flatMap(({ box }) => box?.write ?? [])]) {
    const held = kept.find((root) => pathCovers(path, root) || pathCovers(realPath(path), root));
    if (held === undefined) continue;
    const what = held === runs || held === realPath(runs)
      ? "where runs are kept"
      : "which decides how processes are started";
    throw new RefusedError(`${id} may not write ${path}: it holds ${held}, ${what}`, {
      hint: "let it write a folder of its own, or keep the two apart, the runs by --runs DIR",
    });
  }
}
