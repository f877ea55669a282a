/**
 * What a duration looks like in YAML: `250ms`, `10s`, `5m`, `1h`, `1d`, or several, largest first,
 * as in `1m30s`. Also the `pattern` of the editor's schema.
 */
export const durationPattern =
  "^(?=\\d)(?:\\d{1,9}d)?(?:\\d{1,9}h)?(?:\\d{1,9}m)?(?:\\d{1,9}s)?(?:\\d{1,9}ms)?$";

/** As {@linkcode durationPattern}, but longer than nothing. */
export const positiveDurationPattern = durationPattern.replace("^", "^(?=.*[1-9])");

const units = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;

/**
 * The milliseconds of a duration; `undefined` for a text that is none.
 *
 * @example
 * ```ts
 * import { parseDuration } from "./duration.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(parseDuration("1m30s"), 90_000);
 * assert.equal(parseDuration("90"), undefined);
 * ```
 */
export function parseDuration(text: string): number | undefined {
  if (!new RegExp(durationPattern).test(text)) return undefined;
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[dhms])/g)) {
    total += Number(count) * units[unit as keyof typeof units];
  }
  return total;
}

/** What to do about a number without a unit. Nobody knows which was meant. */
export function unitHint(number: number | string): string {
  return `add the unit: ${number}s or ${number}ms`;
}

/**
 * Milliseconds as a person would write them.
 *
 * @example
 * ```ts
 * import { formatDuration } from "./duration.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(formatDuration(90_000), "1m30s");
 * ```
 */
export function formatDuration(ms: number): string {
  let rest = Math.round(ms);
  let text = "";
  for (const [unit, size] of Object.entries(units)) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text === "" ? "0s" : text;
}
