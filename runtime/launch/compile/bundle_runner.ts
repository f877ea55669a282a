import type { LaunchPlaces } from "../places.ts";
import { denoBundle } from "./deno_bundle.ts";

/**
 * The runner with everything that it imports, as the text of one file. Deno's own bundler makes it;
 * the same sources give the same text, wherever the checkout and Deno's cache lie.
 *
 * @throws FailedError when it cannot be bundled
 */
export async function bundleRunner(places: LaunchPlaces): Promise<string> {
  return withoutCachePaths(await denoBundle(["runtime/runner.ts"], [], places));
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
