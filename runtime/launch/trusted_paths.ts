import { pathCovers } from "../../engine/permissions/path.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
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
 * The flags that keep a runner from writing those where it may write a folder above them, such as a
 * work folder that holds a checkout beside the data. No whole protection: it may still rename that
 * checkout. Whoever wants one keeps the two apart.
 */
export function denyTrusted(set: Permissions, places: LaunchPlaces): readonly string[] {
  const denied = writableTrusted(set, places);
  return denied.length === 0 ? [] : [`--deny-write=${denied.join(",")}`];
}

/** The trusted paths that lie below something that a set may write. */
export function writableTrusted(set: Permissions, places: LaunchPlaces): readonly string[] {
  const writable = set.write.flatMap((path) => [path, realPath(path)]);
  return trustedPaths(places).filter((path) =>
    !path.includes(",") && writable.some((folder) => pathCovers(folder, path))
  );
}
