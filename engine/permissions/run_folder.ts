import { mapGrants } from "./grants.ts";
import type { Permissions } from "./permissions.ts";

/**
 * Stands for the folder of a run where a set is named: the folder is another one each time, and what
 * a person accepted should not be. `derive(plan, { run: runFolderWord })` is the set to show and to
 * digest, with the real folder it is the set to start a process with.
 */
export const runFolderWord = "${run}";

/** The set with the folder of its run spelled as {@linkcode runFolderWord}. */
export function withRunFolderWord(set: Permissions, folder: string): Permissions {
  return mapGrants(
    set,
    (entries, kind) =>
      kind === "read" || kind === "write"
        ? entries.map((entry) => entry === folder ? runFolderWord : entry)
        : entries,
    (grants) => grants,
  );
}
