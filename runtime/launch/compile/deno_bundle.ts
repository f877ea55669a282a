import { FailedError } from "../../../engine/errors.ts";
import { childEnvironment, fetching } from "../child_environment.ts";
import type { LaunchPlaces } from "../places.ts";

/**
 * Runs Deno's own bundler on programs of the project.
 *
 * @param programs their files below the project
 * @returns what it wrote to standard output: the bundle, where no option says another place
 * @throws FailedError when they cannot be bundled
 */
export async function denoBundle(
  programs: readonly string[],
  options: readonly string[],
  { deno, project }: LaunchPlaces,
): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(deno, {
    args: [
      ...["bundle", "--quiet", "--frozen", `--config=${project}/deno.json`, ...options],
      ...programs.map((program) => `${project}/${program}`),
    ],
    cwd: project,
    clearEnv: true,
    env: { ...childEnvironment(fetching), NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  if (code === 0) return decoder.decode(stdout);
  const said = decoder.decode(stderr).trim().split("\n").slice(-3).join(" ");
  const what = programs.length === 1 ? programs[0] : "Sluice";
  throw new FailedError(`${what} could not be bundled: ${said || `deno ended with ${code}`}`, {
    hint:
      "deno bundle takes its bundler and our libraries from the npm registry once: try it again " +
      "with a network, or fill DENO_DIR elsewhere",
  });
}
