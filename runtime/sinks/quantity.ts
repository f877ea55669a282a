import type { ProgressUnit } from "../../engine/events/progress_unit.ts";

/**
 * A length of time for people.
 *
 * @example
 * ```ts
 * import { duration } from "./quantity.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual([0.02, 1.26, 75, 7384].map(duration), ["20 ms", "1.3 s", "1 min 15 s", "2 h 3 min"]);
 * ```
 */
export function duration(seconds: number): string {
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor(whole / 60) % 60} min`;
}

const units = ["B", "kB", "MB", "GB", "TB"];

/** An amount of bytes for people; 1 kB is 1,000 bytes. */
export function bytes(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** How far a step is: `12.3 MB of 45.0 MB (27 %)`, `3 of 7 files`, `12 files`. */
export function amount(
  { done, total, unit }: { done: number; total?: number; unit: ProgressUnit },
): string {
  if (total === undefined) return unit === "bytes" ? bytes(done) : `${done} ${unit}`;
  const share = total > 0 ? ` (${Math.floor((100 * Math.min(done, total)) / total)} %)` : "";
  return unit === "bytes"
    ? `${bytes(done)} of ${bytes(total)}${share}`
    : `${done} of ${total} ${unit}${share}`;
}
