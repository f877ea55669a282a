import { RefusedError } from "../../engine/errors.ts";
import { bubblewrapArguments } from "../../engine/permissions/box/bubblewrap_arguments.ts";
import { contentsOf } from "../../engine/permissions/box/contents.ts";
import { wantsOf } from "../../engine/permissions/box/wants.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import type { Box } from "./box.ts";
import { certificateFiles, denoCache } from "./deno_folders.ts";
import { notesOfOpen, withoutOpen } from "./die_with_launcher.ts";
import { lookAtDisk } from "./look_at_path.ts";
import type { LaunchPlaces } from "./places.ts";
import { codePaths } from "./trusted_paths.ts";

/** A program as it is started: nothing of the launcher's environment is added. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** What a Deno process finds in its box. */
export interface BoxInside {
  /** The set that its flags grant. */
  readonly set: Permissions;
  /** Absolute paths of the set's programs with bare names. */
  readonly programs: Readonly<Record<string, string>>;
  /** What it reads besides, such as the code of a step. Not to be written, whatever the set says. */
  readonly code?: readonly string[];
  /** Files that it writes and that its flags do not grant, such as Deno's own log. They are there. */
  readonly files?: readonly string[];
  /** Folders that it does not see, whatever the set says. */
  readonly hidden?: readonly string[];
  /** A folder that will be there when the process starts, whatever is there now. */
  readonly made?: string;
  /** See `BoxWants.since`. */
  readonly since?: number;
}

/** A command that is to be started instead, and where its box is not exactly as wide as the set. */
export interface Entered {
  readonly command: Command;
  readonly notes: readonly string[];
}

/**
 * Puts a box around a Deno process of the project: its set, Deno, the project's code and Deno's cache.
 * Code and cache are read-only, or a program could change what the launcher runs next. Where the box
 * is no bubblewrap, it only begins with the standard streams alone: what holds the launcher holds it
 * too.
 *
 * It dies with the launcher, and all in it dies with it: kill the process that is started here.
 *
 * @throws RefusedError where no box can hold the set
 */
export function enterBox(
  box: Box,
  command: Command,
  { set, programs, code = [], files = [], hidden = [], made, since }: BoxInside,
  places: LaunchPlaces,
): Entered {
  if (box.kind !== "bubblewrap") return { command: withoutOpen(command), notes: notesOfOpen() };
  const look = lookAtDisk(made);
  const wants = wantsOf(set, programs, look);
  const cache = denoCache();
  if (cache === undefined && command.env["DENO_DIR"] === undefined) {
    throw new RefusedError("no variable says where Deno's cache is, which a box has to hold", {
      hint: "set HOME, or DENO_DIR",
    });
  }
  const contents = contentsOf({
    ...wants,
    files,
    system: [...wants.system, ...certificateFiles()],
    fixed: [
      ...wants.fixed,
      command.program,
      ...box.shut?.slice(0, 1) ?? [],
      ...codePaths(places),
      ...(cache === undefined ? [] : [cache]),
      ...code,
    ],
    ...(since === undefined ? {} : { since }),
  }, look);
  const args = bubblewrapArguments({
    contents,
    network: wants.network,
    hidden,
    cwd: command.cwd,
  });
  return {
    command: {
      ...command,
      program: box.program,
      args: [...args, ...box.shut ?? [], command.program, ...command.args],
      // Where bubblewrap itself stands does not matter; the folder may not be there.
      cwd: "/",
    },
    notes: [...box.notes ?? [], ...contents.notes],
  };
}
