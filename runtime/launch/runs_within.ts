import { reachesRuns } from "../../engine/permissions/own_folders.ts";
import { mapGrants } from "../../engine/permissions/grants.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import type { LaunchPlaces } from "./places.ts";
import { realPath } from "./real_paths.ts";

/**
 * The folder of the runs, as it is spelled and as it is, where a set reaches it; else nothing. Code of
 * others must not see it: the plans and journals of all runs are there.
 *
 * @param folder of the run at hand
 */
export function runsWithin(
  set: Permissions,
  folder: string,
  { runs }: Pick<LaunchPlaces, "runs">,
): readonly string[] {
  const real = mapGrants(
    set,
    (entries, kind) => kind === "read" || kind === "write" ? entries.map(realPath) : entries,
    (grants) => grants,
  );
  const reaches = reachesRuns(set, folder) || reachesRuns(real, realPath(folder));
  return reaches ? [...new Set([runs, realPath(runs)])] : [];
}
