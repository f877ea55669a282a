import { grantKey, textKinds } from "./grants.ts";
import type { Permissions, ProgramGrant } from "./permissions.ts";

/**
 * Everything that any of the sets grants. Equal entries are kept once; an entry below another stays,
 * because a process that gives up the wider one later still needs it.
 *
 * @example
 * ```ts
 * import { permissions } from "./permissions.ts";
 * import { union } from "./union.ts";
 * import assert from "node:assert/strict";
 *
 * const both = union(permissions({ read: ["/srv"] }), permissions({ read: ["/srv", "/srv/a"] }));
 * assert.deepEqual(both.read, ["/srv", "/srv/a"]);
 * ```
 */
export function union(...sets: readonly Permissions[]): Permissions {
  const [read, write, connect, listen, env, sys] = textKinds.map((kind) => [
    ...new Set(sets.flatMap((set) => set[kind])),
  ]);
  const run = new Map<string, ProgramGrant>();
  for (const grant of sets.flatMap((set) => set.run)) run.set(grantKey(grant), grant);
  return {
    read: read!,
    write: write!,
    connect: connect!,
    listen: listen!,
    env: env!,
    sys: sys!,
    run: [...run.values()],
  };
}
