import { FailedError } from "../../../engine/errors.ts";
import { childEnvironment, fetching } from "../child_environment.ts";
import type { LaunchPlaces } from "../places.ts";

/**
 * The runner with everything that it imports, as the text of one file. Deno's own bundler makes it;
 * the same sources give the same text, wherever the checkout and Deno's cache lie.
 *
 * @throws FailedError when it cannot be bundled
 */
export async function bundleRunner({ deno, project }: LaunchPlaces): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(deno, {
    args: [
      ...["bundle", "--quiet", "--frozen", `--config=${project}/deno.json`],
      `${project}/runtime/runner.ts`,
    ],
    cwd: project,
    clearEnv: true,
    env: { ...childEnvironment(fetching), NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  const text = decoder.decode(stdout);
  if (code === 0 && text !== "") return withoutCachePaths(text);
  const said = decoder.decode(stderr).trim().split("\n").slice(-3).join(" ");
  throw new FailedError(`the runner could not be bundled: ${said || `deno ended with ${code}`}`, {
    hint:
      "deno bundle takes its bundler and our libraries from the npm registry once: try it again " +
      "with a network, or fill DENO_DIR elsewhere",
  });
}

/**
 * The bundler names each module by its path from the checkout, and so tells where this machine has
 * Deno's cache. Comments and names of modules only: nothing that runs reads them.
 *
 * @example
 * ```ts
 * import { withoutCachePaths } from "./bundle_runner.ts";
 * import assert from "node:assert/strict";
 *
 * const line = "// ../../home/me/.cache/deno/npm/registry.example.org/valibot/1.5.0/dist/index.mjs";
 * assert.equal(withoutCachePaths(line), "// npm/valibot/1.5.0/dist/index.mjs");
 * ```
 */
export function withoutCachePaths(text: string): string {
  return text.replaceAll(
    /^(\/\/ | {2}")(?:[^"\n]*\/)?npm\/[^/"\n]+\/([^"\n]+\.(?:[cm]?js|json))("\(.*|)$/gm,
    "$1npm/$2$3",
  );
}
