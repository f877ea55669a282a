import { spellEndpoint } from "./endpoint.ts";
import { entryCovers, grantKey, mapGrants } from "./grants.ts";
import { pathCovers } from "./path.ts";
import type { Permissions, ProgramBox, ProgramGrant } from "./permissions.ts";
import { programCovers } from "./shape.ts";

/**
 * One spelling of a set, to show and to digest: sorted, each entry once, without those that another
 * entry reaches. Not for flags: a process that sheds needs every entry as it was declared.
 *
 * @example
 * ```ts
 * import { normalise } from "./normalise.ts";
 * import { permissions } from "./permissions.ts";
 * import assert from "node:assert/strict";
 *
 * const set = permissions({ read: ["/srv/b", "/srv", "/etc"] });
 * assert.deepEqual(normalise(set).read, ["/etc", "/srv"]);
 * ```
 */
export function normalise(set: Permissions): Permissions {
  return mapGrants(
    set,
    (entries, kind) => {
      const net = kind === "connect" || kind === "listen";
      const spelled = [...new Set(net ? entries.map(spellEndpoint) : entries)].sort();
      return withoutReached(spelled, (outer, entry) => entryCovers(kind, outer, entry));
    },
    (grants) => {
      const spelled = new Map(grants.map(spellGrant).map((grant) => [grantKey(grant), grant]));
      return withoutReached(
        [...spelled.values()].sort((a, b) => (grantKey(a) < grantKey(b) ? -1 : 1)),
        programCovers,
      );
    },
  );
}

/** No two different entries that are spelled one way reach each other both ways. */
function withoutReached<T>(entries: readonly T[], reaches: (outer: T, inner: T) => boolean): T[] {
  return entries.filter((entry) =>
    !entries.some((outer) => outer !== entry && reaches(outer, entry))
  );
}

function spellGrant({ program, args, env, brokered, box, deno }: ProgramGrant): ProgramGrant {
  return {
    program,
    args,
    env: [...new Set(env)].sort(),
    ...(brokered === true ? { brokered } : {}),
    ...(box === undefined ? {} : { box: spellBox(box) }),
    ...(deno === undefined ? {} : { deno: normalise(deno) }),
  };
}

function spellBox({ read, write, network }: ProgramBox): ProgramBox {
  const written = withoutReached([...new Set(write)].sort(), pathCovers);
  const alsoRead = [...new Set(read)].sort().filter((path) =>
    !written.some((outer) => pathCovers(outer, path))
  );
  return { read: withoutReached(alsoRead, pathCovers), write: written, network };
}
