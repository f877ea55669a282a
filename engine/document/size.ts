/**
 * What a size looks like in YAML when it is a text: `512`, `10KiB`, `64MiB`, `2GiB`, `1TiB`. A plain
 * number means bytes. Also the `pattern` of the editor's schema.
 */
export const sizePattern = "^\\d{1,12}(?:B|KiB|MiB|GiB|TiB)?$";

const units = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const;

/**
 * The bytes of a size; `undefined` for a text that is none or too large to count exactly.
 *
 * @example
 * ```ts
 * import { parseSize } from "./size.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(parseSize("64MiB"), 67_108_864);
 * assert.equal(parseSize("64 M"), undefined);
 * ```
 */
export function parseSize(text: string): number | undefined {
  if (!new RegExp(sizePattern).test(text)) return undefined;
  const unit = text.replace(/^\d+/, "") || "B";
  const bytes = Number.parseInt(text, 10) * units[unit as keyof typeof units];
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/**
 * Bytes as a person would write them, in the largest unit that keeps them whole.
 *
 * @example
 * ```ts
 * import { formatSize } from "./size.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(formatSize(67_108_864), "64MiB");
 * ```
 */
export function formatSize(bytes: number): string {
  let best = `${bytes}`;
  for (const [unit, size] of Object.entries(units)) {
    if (size > 1 && bytes > 0 && bytes % size === 0) best = `${bytes / size}${unit}`;
  }
  return best;
}
