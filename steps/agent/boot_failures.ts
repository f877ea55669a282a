import * as v from "valibot";

/** How often in a row a runtime has failed to boot. */
const record = v.strictObject({
  schemaVersion: v.literal(1),
  failures: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

/** Name of the file in the store. */
export const boot_failures = "boot_failures.json";

/** Longest wait before the exit of a boot that failed, in seconds. */
const longest = 60;

/**
 * Seconds that the n-th failed boot in a row waits before it exits, so that whoever starts it again at
 * once does no harm: none for the first, then 2ⁿ, at most 60.
 *
 * @example
 * ```ts
 * import { backoffSeconds } from "./boot_failures.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual([1, 2, 3, 6, 1000].map(backoffSeconds), [0, 4, 8, 60, 60]);
 * ```
 */
export function backoffSeconds(failures: number): number {
  return failures <= 1 ? 0 : Math.min(longest, 2 ** failures);
}

/** Failures so far; what cannot be read counts as none. */
export async function readFailures(store: string): Promise<number> {
  try {
    const text = await Deno.readTextFile(`${store}/${boot_failures}`);
    return v.parse(record, JSON.parse(text)).failures;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return 0;
  }
}

/** Keeps how many there are now. One file of a few bytes: written in one go, never renamed. */
export async function writeFailures(store: string, failures: number): Promise<void> {
  const text = JSON.stringify({ schemaVersion: 1, failures }) + "\n";
  await Deno.writeTextFile(`${store}/${boot_failures}`, text, { mode: 0o600 });
}
