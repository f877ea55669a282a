import { childEnvironment } from "./child_environment.ts";
import { denoArguments } from "./deno_command.ts";
import type { LaunchPlaces } from "./places.ts";
import { keptRuns } from "./prune.ts";

/**
 * Has the oldest runs removed when there are too many, by a process that may touch their folder and
 * nothing else. Never fails: what cannot be tidied up today is tidied up tomorrow.
 *
 * @param present id of the run that has just ended
 */
export async function startPrune(places: LaunchPlaces, present: string): Promise<void> {
  const { runs } = places;
  try {
    if (runs.includes(",") || [...Deno.readDirSync(runs)].length <= keptRuns) return;
    await new Deno.Command(places.deno, {
      args: denoArguments(
        places,
        [`--allow-read=${runs}`, `--allow-write=${runs}`],
        "runtime/launch/prune.ts",
        [runs, `${keptRuns}`, present],
      ),
      cwd: places.project,
      clearEnv: true,
      env: childEnvironment(),
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
  } catch {
    // There may be no folder of runs: the runner could not make it.
  }
}
