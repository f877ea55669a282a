import { FailedError } from "../../../../engine/errors.ts";
import { childEnvironment, fetching } from "../../child_environment.ts";
import type { LaunchPlaces } from "../../places.ts";
import { withoutCachePaths } from "../bundle_runner.ts";
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
  { deno, project }: LaunchPlaces,
): Promise<readonly BundledModule[]> {
  const { code, stderr } = await new Deno.Command(deno, {
    args: [
      ...["bundle", "--quiet", "--frozen", `--config=${project}/deno.json`],
      ...["--code-splitting", `--outdir=${into}`],
      ...programs.map((program) => `${project}/${program}`),
    ],
    cwd: project,
    clearEnv: true,
    env: { ...childEnvironment(fetching), NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (code !== 0) {
    const said = new TextDecoder().decode(stderr).trim().split("\n").slice(-3).join(" ");
    throw new FailedError(`Sluice could not be bundled: ${said || `deno ended with ${code}`}`, {
      hint:
        "deno bundle takes its bundler and our libraries from the npm registry once: try it again " +
        "with a network, or fill DENO_DIR elsewhere",
    });
  }
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
