/**
 * Golden files: whole outputs that a person reviews as a diff.
 *
 * Rewritten, instead of compared, by `deno task golden`, or for one test file by
 * `SLUICE_UPDATE_GOLDEN=1 deno test --allow-env --allow-read --allow-write=tests/golden FILE`.
 *
 * @module
 */
import assert from "node:assert/strict";

/**
 * Asserts that an output is what the golden file holds.
 *
 * @param path relative to `tests/golden/`
 */
export async function compareGolden(path: string, actual: string): Promise<void> {
  const url = new URL(`golden/${path}`, import.meta.url);
  if (Deno.env.get("SLUICE_UPDATE_GOLDEN") === "1") {
    await Deno.writeTextFile(url, actual);
    return;
  }
  const expected = await Deno.readTextFile(url).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  });
  assert.equal(actual, expected, `tests/golden/${path} differs; deno task golden rewrites it`);
}
