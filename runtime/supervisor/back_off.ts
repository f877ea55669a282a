/** Milliseconds before the first restart, and the most. */
const shortest = 250;
const longest = 10_000;

/** A program that ran for so many milliseconds has come up; its next failure counts as the first. */
export const stableAfter = 10_000;

/** So many failures in a row, each soon after a start, are a crash loop. */
export const crashLoopFrom = 3;

/**
 * How long to wait before starting a program again: it doubles with every failure in a row.
 *
 * @param failures in a row, this one included; at least 1
 *
 * @example
 * ```ts
 * import { backOff } from "./back_off.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual([1, 2, 3, 100].map(backOff), [250, 500, 1_000, 10_000]);
 * ```
 */
export function backOff(failures: number): number {
  return Math.min(longest, shortest * 2 ** (failures - 1));
}
