import { type DenoGrant, type DenoKind, nameOf } from "./deno_grant.ts";
import { widerGrants } from "./wider_grants.ts";

/**
 * Counts who needs each grant of a process, and says which of them go when the last one has let go.
 * An entry that a wider one reaches goes with the last of those: until then nothing would change, and
 * revoking it would drop the wider one.
 */
export interface GrantTally {
  add(grants: Iterable<DenoGrant>): void;
  /** Takes back one `add` of each; gives those that nothing needs and nothing kept reaches. */
  remove(grants: Iterable<DenoGrant>): readonly DenoGrant[];
  /** Whether anything of a kind is needed. */
  has(kind: DenoKind): boolean;
}

/**
 * @example
 * ```ts
 * import { makeGrantTally } from "./grant_tally.ts";
 * import assert from "node:assert/strict";
 *
 * const tally = makeGrantTally();
 * const [folder, file] = [{ kind: "read", entry: "/srv" }, { kind: "read", entry: "/srv/a" }] as const;
 * tally.add([folder, file]);
 * assert.deepEqual(tally.remove([file]), []);
 * assert.deepEqual(tally.remove([folder]), [folder, file]);
 * ```
 */
export function makeGrantTally(): GrantTally {
  const counts = new Map<string, number>();
  const ofKind = new Map<DenoKind, number>();
  /** Not needed, but reached: by the name of what reaches them. */
  const reached = new Map<string, DenoGrant[]>();

  const count = (grant: DenoGrant, change: number) => {
    const name = nameOf(grant);
    const before = counts.get(name) ?? 0;
    const after = before + change;
    if (after > 0) counts.set(name, after);
    else counts.delete(name);
    const kinds = (after > 0 ? 1 : 0) - (before > 0 ? 1 : 0);
    ofKind.set(grant.kind, (ofKind.get(grant.kind) ?? 0) + kinds);
    return after;
  };
  const settle = (grant: DenoGrant): DenoGrant[] => {
    const reaching = widerGrants(grant).map(nameOf).find((name) => counts.has(name));
    if (reaching !== undefined) {
      const others = reached.get(reaching);
      if (others === undefined) reached.set(reaching, [grant]);
      else others.push(grant);
      return [];
    }
    const name = nameOf(grant);
    const below = reached.get(name) ?? [];
    reached.delete(name);
    return [grant, ...below.flatMap(settle)];
  };

  return {
    add(grants) {
      for (const grant of grants) count(grant, 1);
    },
    remove(grants) {
      // All are counted before one is judged: a folder may go together with what is in it.
      const free = [...grants].filter((grant) => count(grant, -1) === 0);
      return free.flatMap(settle);
    },
    has: (kind) => (ofKind.get(kind) ?? 0) > 0,
  };
}
