import type { LaunchPlaces } from "../../places.ts";
import { withoutCachePaths } from "../bundle_runner.ts";
import { denoBundle } from "../deno_bundle.ts";
import { nameExports } from "./name_exports.ts";
import { type BundledModule, stableNames } from "./stable_names.ts";

/** The launcher and all that it starts where a surface runs. */
const programs = [
  "runtime/launch/main.ts",
  "runtime/launch/keeper.ts",
  "runtime/launch/brokered.ts",
  "runtime/planner.ts",
  "runtime/runner.ts",
  "runtime/foreign/host.ts",
] as const;

/**
 * Those programs with everything that they import, as modules of JavaScript: what several share, and
 * what is loaded only when it is needed, are modules of their own. Deno's own bundler makes them.
 *
 * @param into a folder that is not there; the bundler writes into it, and nothing else of what it wrote
 * is used
 * @throws FailedError when they cannot be bundled
 */
export async function bundlePrograms(
  into: string,
  places: LaunchPlaces,
): Promise<readonly BundledModule[]> {
  await denoBundle(programs, ["--code-splitting", `--outdir=${into}`], places);
  const modules = nameExports(await readModules(into));
  return stableNames(
    modules.map(({ path, text }) => ({ path: `runtime/${path}`, text: withoutCachePaths(text) })),
  );
}

async function readModules(folder: string, below = ""): Promise<readonly BundledModule[]> {
  const found: BundledModule[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${folder}/${below}`)) {
    const path = `${below}${name}`;
    if (isDirectory) found.push(...await readModules(folder, `${path}/`));
    else found.push({ path, text: await Deno.readTextFile(`${folder}/${path}`) });
  }
  return found;
}
