import { isEmpty } from "./is_empty.ts";
import { minus } from "./minus.ts";
import type { Permissions } from "./permissions.ts";

/** The answer of {@linkcode covers}. */
export type Coverage =
  | { readonly covered: true }
  | { readonly covered: false; readonly missing: Permissions };

/**
 * Whether a ceiling allows everything in a set, and if not, what is missing. Reflexive and
 * transitive. Careful where it cannot be exact: an entry has to be reached by one entry of the
 * ceiling, not by several together.
 *
 * @example
 * ```ts
 * import { covers } from "./covers.ts";
 * import { permissions } from "./permissions.ts";
 * import assert from "node:assert/strict";
 *
 * const ceiling = permissions({ read: ["/srv"], connect: ["localhost"] });
 * assert.ok(covers(ceiling, permissions({ connect: ["localhost:8080"] })).covered);
 * const judged = covers(ceiling, permissions({ write: ["/srv"] }));
 * assert.deepEqual(judged.covered ? [] : judged.missing.write, ["/srv"]);
 * ```
 */
export function covers(ceiling: Permissions, set: Permissions): Coverage {
  const missing = minus(set, ceiling);
  return isEmpty(missing) ? { covered: true } : { covered: false, missing };
}
