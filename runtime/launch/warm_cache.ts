import { childEnvironment } from "./child_environment.ts";
import { denoCache } from "./deno_folders.ts";
import type { LaunchPlaces } from "./places.ts";
import { inKit } from "./deno_command.ts";

/** What a runner loads and no planner does: if this is compiled, all of it is. */
const onlyRunners = ["engine/execute", "engine/journal", "runtime/runner"];

/** Where nobody answers: what is missing from the cache stays missing. */
const nobody = "http://127.0.0.1:9";

/**
 * Has Deno compile what a runner loads, where its cache does not hold that yet. A runner in a box may
 * not write the cache, or a program could change what runs next; so it would compile everything anew
 * each time, which takes longer than all the rest of its start. Nothing of it is run, and nothing is
 * fetched. Never fails: a slow start is none.
 *
 * @returns settles when it has ended; `undefined` where there was nothing to do
 */
export function warmCache(places: LaunchPlaces): Promise<void> | undefined {
  const cache = denoCache();
  // A kit holds JavaScript: there is nothing to compile ahead.
  if (inKit || cache === undefined || isWarm(places.project, cache)) return;
  return new Deno.Command(places.deno, {
    args: [
      ...["cache", "--quiet", "--frozen", `--config=${places.project}/deno.json`],
      `${places.project}/runtime/runner.ts`,
    ],
    cwd: places.project,
    clearEnv: true,
    env: { ...childEnvironment(), HTTP_PROXY: nobody, HTTPS_PROXY: nobody },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output().then(() => {}, () => {});
}

/** Whether nothing has come into these folders since Deno compiled them. */
export function isWarm(project: string, cache: string): boolean {
  return onlyRunners.every((folder) => {
    const compiled = changedAt(`${cache}/gen/file${project}/${folder}`);
    const source = changedAt(`${project}/${folder}`);
    return compiled !== undefined && source !== undefined && compiled >= source;
  });
}

function changedAt(folder: string): number | undefined {
  try {
    return Deno.statSync(folder).mtime?.getTime();
  } catch {
    return undefined;
  }
}
