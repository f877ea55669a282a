import { denoFlags } from "../../engine/permissions/deno_flags.ts";
import { ignoreLibraryVariables } from "../../engine/permissions/library_variables.ts";
import type { Box } from "./box.ts";
import { childEnvironment } from "./child_environment.ts";
import { denoArguments } from "./deno_command.ts";
import { enterBox, type Entered } from "./enter_box.ts";
import { foreignNotes } from "./foreign_pool.ts";
import type { LaunchPlaces } from "./places.ts";
import type { LaunchRequest } from "./planner_protocol.ts";
import { deniedToRunner, denyWrite } from "./trusted_paths.ts";

/**
 * The command of a runner with exactly the admitted set as its flags, in its box. Nothing is started
 * or made.
 *
 * @throws RefusedError where no flag or no box says the set
 */
export function runnerCommand(
  request: Pick<LaunchRequest, "permissions" | "mode" | "run" | "foreign">,
  programs: Readonly<Record<string, string>>,
  box: Box,
  places: LaunchPlaces,
): Entered {
  const { permissions: set, mode, run } = request;
  const denied = deniedToRunner(set, run.folder, places);
  const args = denoArguments(
    places,
    [...denoFlags(set, { programs }), ...ignoreLibraryVariables(set.env), ...denyWrite(denied)],
    "runtime/runner",
    ["--launched"],
  );
  const env = childEnvironment(set.env);
  const command = { program: places.deno, args, env, cwd: places.cwd };
  const since = mode.kind === "run" ? undefined : birthOf(run.folder);
  const inside = {
    set,
    programs,
    made: run.folder,
    ...(since === undefined ? {} : { since }),
  };
  const { command: entered, notes } = enterBox(box, command, inside, places);
  const { foreign } = request;
  const others = foreign ? foreignNotes(foreign, { folder: run.folder, places, box }) : [];
  return { command: entered, notes: [...notes, ...others] };
}

/** When a folder was made, in milliseconds since 1970, where that can be known. */
function birthOf(folder: string): number | undefined {
  try {
    return Deno.statSync(folder).birthtime?.getTime();
  } catch {
    return undefined; // The keeper says that it is not there.
  }
}
