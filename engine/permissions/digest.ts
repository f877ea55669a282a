import { canonicalJson, type Json } from "../json.ts";
import { sha256 } from "../sha256.ts";
import type { ForeignSets } from "./foreign_sets.ts";
import { normalise } from "./normalise.ts";
import type { Permissions } from "./permissions.ts";

/**
 * The name of a set: `sha256:` and 64 hexadecimal digits over its normal form, so that two sets that
 * grant the same have one name. This is what `--accept` is given. Where a run has steps of others, it
 * names their sets and their code too: another version of the code is another name.
 *
 * @param foreign the sets of the steps of others
 * @example
 * ```ts
 * import { digestOf } from "./digest.ts";
 * import { permissions } from "./permissions.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(
 *   digestOf(permissions({ read: ["/b", "/a"] })),
 *   digestOf(permissions({ read: ["/a", "/b", "/a/c"] })),
 * );
 * ```
 */
export function digestOf(set: Permissions, foreign: ForeignSets = {}): string {
  const compartments = Object.values(foreign).map(({ code, run, undo }) =>
    canonicalJson({ code, run: normalise(run), undo: normalise(undo) } as unknown as Json)
  );
  const own = normalise(set);
  const named = compartments.length === 0
    ? own
    : { runner: own, foreign: [...new Set(compartments)].sort() };
  return `sha256:${sha256(canonicalJson(named as unknown as Json))}`;
}
