import { RefusedError } from "../../engine/errors.ts";
import type { Lock } from "../../engine/permissions/lock/lock.ts";
import { findRun } from "./find_run.ts";
import type { LaunchPlaces } from "./places.ts";
import { hasOption, optionValue, positional } from "./command_line.ts";
import type { LaunchRequest } from "./planner_protocol.ts";
import { resolvePath } from "./resolve_path.ts";

/**
 * Refuses to launch anything but what the command line asks for: the pipeline's file by which a ceiling
 * is chosen, whether a run begins, goes on or is undone, and which. The planner reads YAML with a
 * library, and is not believed.
 *
 * @throws RefusedError
 * @throws InvalidInputError when the run does not exist
 */
export async function refuseUnasked(
  request: Pick<LaunchRequest, "mode" | "file" | "run">,
  lock: Lock,
  places: LaunchPlaces,
  args: readonly string[],
): Promise<void> {
  const [command = "", target] = positional(args);
  const { mode, file, run } = request;
  const refuse = (told: string, asked: string): never => {
    throw new RefusedError(`the planner named ${told}, but the command line ${asked}`);
  };
  if (command !== mode.kind) refuse(`the mode ${mode.kind}`, `says ${command || "nothing"}`);
  if (mode.kind === "run") {
    const surface = optionValue(args, "--surface");
    // Nothing of a surface that nobody locked is admitted; that says what to do.
    if (surface !== undefined && !Object.hasOwn(lock.surfaces, surface)) return;
    const asked = pipelineAsked(target, lock, places, args);
    if (file !== asked) refuse(file ?? "no pipeline", `asks for ${asked ?? "none"}`);
    return;
  }
  if (mode.kind === "resume" && mode.again && !hasOption(args, "--again")) {
    refuse("steps to be run again", "does not say --again");
  }
  const { id } = await findRun(places.runs, target ?? "");
  if (run.id !== id) refuse(`the run ${run.id}`, `asks for ${id}`);
}

/** Absolute path of the pipeline that a new run is of; `undefined` for a plan that was made before. */
function pipelineAsked(
  target: string | undefined,
  { surfaces }: Lock,
  { cwd, project }: LaunchPlaces,
  args: readonly string[],
): string | undefined {
  if (optionValue(args, "--plan") !== undefined) return undefined;
  if (target !== undefined) return resolvePath(cwd, target);
  const name = optionValue(args, "--surface") ?? "";
  const surface = Object.hasOwn(surfaces, name) ? surfaces[name] : undefined;
  if (surface?.kind === "fixed") return `${project}/${surface.pipeline}`;
  const [only, ...others] = surface?.pipelines ?? [];
  return only === undefined || others.length > 0 ? undefined : `${project}/${only}`;
}
