import { pathCovers } from "../../engine/permissions/path.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import { runnerLogs } from "./audit_log.ts";
import { denoCache } from "./deno_folders.ts";
import type { LaunchPlaces } from "./places.ts";
import { realPath } from "./real_paths.ts";

/** What of the project is loaded when a process starts. */
const code = ["deno.json", "deno.lock", "engine", "runtime", "steps"];

/** The project's code, for processes that run it. */
export function codePaths({ project }: Pick<LaunchPlaces, "project">): readonly string[] {
  return code.map((name) => `${project}/${name}`);
}

/** The files and folders that decide how processes are started: real paths. */
export function trustedPaths(places: LaunchPlaces): readonly string[] {
  const cache = denoCache();
  const paths = [
    places.deno,
    ...codePaths(places),
    `${places.project}/permissions.lock.json`,
    ...(cache === undefined ? [] : [cache]),
  ];
  return paths.map(realPath);
}

/**
 * What a runner may not write although it may write a folder above: what decides how processes are
 * started, where a work folder holds a checkout beside the data, and the logs that Deno keeps of the
 * run. No whole protection: it may still rename a folder above. Whoever wants one keeps the two apart.
 *
 * @param folder of the run
 */
export function deniedToRunner(
  set: Permissions,
  folder: string,
  places: LaunchPlaces,
): readonly string[] {
  const logs = `${folder}/${runnerLogs}`;
  return writableOf([...trustedPaths(places), logs, realPath(logs)], set);
}

/** The flag that denies writing these paths, where there are any. */
export function denyWrite(paths: readonly string[]): readonly string[] {
  return paths.length === 0 ? [] : [`--deny-write=${paths.join(",")}`];
}

/** The trusted paths that lie below something that a set may write. */
export function writableTrusted(set: Permissions, places: LaunchPlaces): readonly string[] {
  return writableOf(trustedPaths(places), set);
}

/** Those of some paths that a set may write, as far as a flag can say them. */
function writableOf(paths: readonly string[], set: Permissions): readonly string[] {
  const writable = set.write.flatMap((path) => [path, realPath(path)]);
  return [...new Set(paths)].filter((path) =>
    !path.includes(",") && writable.some((folder) => pathCovers(folder, path))
  );
}
