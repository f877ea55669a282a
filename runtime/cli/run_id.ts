/**
 * A name for a new run: when it began, in UTC, and eight random hexadecimal digits, so that names
 * sort by time: `20251121-103000-3f9a07c2`.
 *
 * @param random gives a number in [0, 1)
 *
 * @example
 * ```ts
 * import { runId } from "./run_id.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(runId(new Date("2025-11-21T10:30:00Z"), () => 0.5), "20251121-103000-80000000");
 * ```
 */
export function runId(now: Date, random: () => number): string {
  const [day, time] = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").split("T");
  const digits = Math.floor(random() * 2 ** 32).toString(16).padStart(8, "0");
  return `${day}-${time}-${digits}`;
}
