import type { Permissions } from "./permissions.ts";

/**
 * How many programs a set names: one that is started in several ways is one.
 *
 * @example
 * ```ts
 * import { countPrograms } from "./count_programs.ts";
 * import { permissions } from "./permissions.ts";
 * import assert from "node:assert/strict";
 *
 * const ln = { program: "ln", args: ["-s", "*"], env: [] };
 * assert.equal(countPrograms(permissions({ run: [ln, { ...ln, args: [] }] })), 1);
 * ```
 */
export function countPrograms({ run }: Permissions): number {
  return new Set(run.map(({ program }) => program)).size;
}
