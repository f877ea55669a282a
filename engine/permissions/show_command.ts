import type { ProgramGrant } from "./permissions.ts";

/**
 * A program with the shape of its arguments, as one would type it: `ln -s -- releases/* *`. Words that
 * could be read otherwise are quoted as in JSON.
 *
 * @example
 * ```ts
 * import { showCommand } from "./show_command.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(showCommand({ program: "ln", args: ["-s", "a b", "*"], env: [] }), `ln -s "a b" *`);
 * ```
 */
export function showCommand({ program, args }: ProgramGrant): string {
  return [program, ...args].map((word) =>
    /^[\w@%+=:,./*{}$-]+$/.test(word) ? word : JSON.stringify(word)
  ).join(" ");
}
