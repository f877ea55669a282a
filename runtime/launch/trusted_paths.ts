import { pathCovers } from "../../engine/permissions/path.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import type { LaunchPlaces } from "./places.ts";
import { realPath } from "./real_paths.ts";

/** What of the project decides how a process is started. */
const trusted = ["deno.json", "deno.lock", "permissions.lock.json", "engine", "runtime", "steps"];

/** The files and folders that decide how processes are started: real paths. */
export function trustedPaths(places: LaunchPlaces): readonly string[] {
  const project = realPath(places.project);
  return [realPath(places.deno), ...trusted.map((name) => `${project}/${name}`)];
}

/**
 * The flags that keep a runner from writing those where it may write a folder above them, such as a
 * work folder that holds a checkout beside the data. No whole protection: it may still rename that
 * checkout. Whoever wants one keeps the two apart.
 */
export function denyTrusted(set: Permissions, places: LaunchPlaces): readonly string[] {
  const writable = set.write.flatMap((path) => [path, realPath(path)]);
  const denied = trustedPaths(places).filter((path) =>
    !path.includes(",") && writable.some((folder) => pathCovers(folder, path))
  );
  return denied.length === 0 ? [] : [`--deny-write=${denied.join(",")}`];
}
