import { entryCovers, mapGrants } from "./grants.ts";
import type { Permissions } from "./permissions.ts";
import { programCovers } from "./shape.ts";

/**
 * The entries of a set that another does not reach. An entry that is reached in part stays whole.
 *
 * @example
 * ```ts
 * import { minus } from "./minus.ts";
 * import { permissions } from "./permissions.ts";
 * import assert from "node:assert/strict";
 *
 * const left = minus(permissions({ read: ["/srv/a", "/etc"] }), permissions({ read: ["/srv"] }));
 * assert.deepEqual(left.read, ["/etc"]);
 * ```
 */
export function minus(set: Permissions, other: Permissions): Permissions {
  return mapGrants(
    set,
    (entries, kind) =>
      entries.filter((entry) => !other[kind].some((outer) => entryCovers(kind, outer, entry))),
    (grants) => grants.filter((grant) => !other.run.some((outer) => programCovers(outer, grant))),
  );
}
