import { pathCovers } from "./path.ts";
import { type Permissions, permissions } from "./permissions.ts";
import { union } from "./union.ts";

/** The folders of a run that are one step's own, and no other's. */
export interface OwnFolders {
  /** Removed after the run. */
  readonly scratch: string;
  /** Kept with the run. */
  readonly artifacts: string;
}

/**
 * The folders that the process of a step of others gets in the folder of its run; `undefined` for one
 * that may read or write where runs are kept: everything there is then denied to it, since it would
 * see the plans and journals of others.
 *
 * @param run absolute path of the folder of the run
 * @param id of the step or item
 *
 * @example
 * ```ts
 * import { ownFolders } from "./own_folders.ts";
 * import { permissions } from "./permissions.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(ownFolders(permissions({ read: ["/srv"] }), "/runs/r1", "a")?.scratch, "/runs/r1/scratch/a");
 * assert.equal(ownFolders(permissions({ read: ["/runs"] }), "/runs/r1", "a"), undefined);
 * ```
 */
export function ownFolders(set: Permissions, run: string, id: string): OwnFolders | undefined {
  if (reachesRuns(set, run)) return undefined;
  return { scratch: `${run}/scratch/${id}`, artifacts: `${run}/artifacts/${id}` };
}

/** Whether a set reaches the folder that a run is kept in, or anything in it. */
export function reachesRuns({ read, write }: Permissions, run: string): boolean {
  const runs = run.slice(0, run.lastIndexOf("/")) || "/";
  return [...read, ...write].some((path) => pathCovers(path, runs) || pathCovers(runs, path));
}

/** A set with the step's own folders in it, where it has them. */
export function withOwnFolders(set: Permissions, folders: OwnFolders | undefined): Permissions {
  if (folders === undefined) return set;
  const own = [folders.scratch, folders.artifacts];
  return union(set, permissions({ read: own, write: own }));
}
