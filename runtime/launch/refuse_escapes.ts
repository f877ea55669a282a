import { RefusedError } from "../../engine/errors.ts";
import { starterReasons } from "../../engine/permissions/escape_classes.ts";
import { pathCovers } from "../../engine/permissions/path.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import { tokenKeyVariable } from "./child_environment.ts";
import type { LaunchPlaces } from "./places.ts";
import { realPath } from "./real_paths.ts";
import { trustedPaths } from "./trusted_paths.ts";

/**
 * Refuses sets that would undo the sandbox, whatever any ceiling says: a process that may write a
 * program it may run, or the code and the lock that the launcher works with, one that runs a
 * shell or what starts any program, and one that may read the key of the tokens.
 *
 * @param programs where the programs with bare names were found
 * @throws RefusedError
 */
export function refuseEscapes(
  set: Permissions,
  programs: Readonly<Record<string, string>>,
  places: LaunchPlaces,
): void {
  if (set.env.includes(tokenKeyVariable)) {
    throw new RefusedError(`no step may read ${tokenKeyVariable}: with it, it could forge tokens`);
  }
  const writable = [...new Set(set.write.flatMap((path) => [path, realPath(path)]))];
  for (const { program, brokered } of set.run) {
    if (brokered === true) continue;
    const spelled = program.startsWith("/") ? program : programs[program]!;
    const paths = [spelled, realPath(spelled)];
    const starter = paths.map(baseName).find((name) => starterReasons.has(name));
    if (starter !== undefined) {
      const reason = starterReasons.get(starter)!;
      throw new RefusedError(`no step may start ${starter} itself: it ${reason}`, {
        hint: "start the program that does the work, or declare it brokered",
      });
    }
    const writer = writable.find((folder) => paths.some((path) => pathCovers(folder, path)));
    if (writer !== undefined) {
      throw new RefusedError(`a process that may write ${writer} may not start ${spelled} in it`, {
        hint:
          "what writes a program and what runs it have to be two processes: declare it brokered",
      });
    }
  }
  // What a program writes in a box of its own counts as well.
  const boxed = set.run.flatMap(({ box }) => box?.write ?? []);
  const written = [...writable, ...boxed.flatMap((path) => [path, realPath(path)])];
  for (const path of trustedPaths(places)) {
    const writer = written.find((folder) => pathCovers(path, folder));
    if (writer !== undefined) {
      throw new RefusedError(`no step may write ${writer}: it decides how processes are started`);
    }
  }
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
