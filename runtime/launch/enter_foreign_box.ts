import { codeMiB, memoryMiB } from "../../engine/foreign/limits.ts";
import type { Box } from "./box.ts";
import { dieWithLauncher } from "./die_with_launcher.ts";
import { type BoxInside, type Command, enterBox, type Entered } from "./enter_box.ts";
import { findInstalled } from "./find_programs.ts";
import type { LaunchPlaces } from "./places.ts";

/** Handles of files and sockets that one process may hold open. */
const mostFiles = 1024;

/**
 * Puts a box around the process of a step of others, and within it limits of memory and of file
 * handles, which nothing but the system can hold code to. Where the box is no bubblewrap there are no
 * limits. It dies with the launcher; in no bubblewrap, where setpriv is installed.
 *
 * @throws RefusedError where no box can hold the set
 */
export function enterForeignBox(
  box: Box,
  command: Command,
  inside: BoxInside,
  places: LaunchPlaces,
): Entered {
  if (box.kind !== "bubblewrap") return { command: dieWithLauncher(command), notes: [] };
  const prlimit = findInstalled(["prlimit"])["prlimit"]?.path;
  if (prlimit === undefined) return enterBox(box, command, inside, places);
  const limited: Command = {
    ...command,
    program: prlimit,
    args: [
      `--data=${(memoryMiB + codeMiB) * 2 ** 20}`,
      `--nofile=${mostFiles}`,
      "--core=0",
      "--",
      command.program,
      ...command.args,
    ],
  };
  return enterBox(box, limited, { ...inside, code: [command.program] }, places);
}
