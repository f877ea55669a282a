import { type DenoGrant, type DenoKind, nameOf } from "./deno_grant.ts";
import { widerGrants } from "./wider_grants.ts";

/** A need for some grants, until it is let go of. */
export type Hold = readonly Counter[];

/** A grant, and how many need it. */
interface Counter {
  readonly grant: DenoGrant;
  readonly name: string;
  count: number;
  /** Grants that nothing needs, but that this one reaches. */
  readonly below: Counter[];
}

/**
 * Counts who needs each grant of a process, and says which of them go when the last one has let go.
 * An entry that a wider one reaches goes with the last of those: until then nothing would change, and
 * revoking it would drop the wider one.
 */
export interface GrantTally {
  hold(grants: Iterable<DenoGrant>): Hold;
  /** Lets go of each once; gives the grants that nothing needs and nothing kept reaches. */
  letGo(holds: readonly Hold[]): readonly DenoGrant[];
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
 * const [wide, narrow] = [tally.hold([folder]), tally.hold([file])];
 * assert.deepEqual(tally.letGo([narrow]), []);
 * assert.deepEqual(tally.letGo([wide]), [folder, file]);
 * ```
 */
export function makeGrantTally(): GrantTally {
  const counters = new Map<string, Counter>();
  /** The same, by the spelling that was given. */
  const spelled = new Map<DenoKind, Map<string, Counter>>();
  const needed = new Map<DenoKind, number>();

  const counterOf = (grant: DenoGrant): Counter => {
    let ofKind = spelled.get(grant.kind);
    if (ofKind === undefined) spelled.set(grant.kind, ofKind = new Map());
    let counter = ofKind.get(grant.entry);
    if (counter !== undefined) return counter;
    const name = nameOf(grant);
    counter = counters.get(name) ?? { grant, name, count: 0, below: [] };
    counters.set(name, counter);
    ofKind.set(grant.entry, counter);
    return counter;
  };
  const change = (kind: DenoKind, by: number) => needed.set(kind, (needed.get(kind) ?? 0) + by);
  /** What goes with a grant that nothing needs, itself first. */
  const settle = (counter: Counter): DenoGrant[] => {
    for (const wider of widerGrants(counter.grant)) {
      const reaching = counters.get(nameOf(wider));
      if (reaching === undefined || reaching.count === 0) continue;
      reaching.below.push(counter);
      return [];
    }
    return [counter.grant, ...counter.below.splice(0).flatMap(settle)];
  };

  return {
    hold: (grants) =>
      Array.from(grants, (grant) => {
        const counter = counterOf(grant);
        if (counter.count++ === 0) change(grant.kind, 1);
        return counter;
      }),
    letGo(holds) {
      // All are counted before one is judged: a folder may go together with what is in it.
      const free: Counter[] = [];
      for (const hold of holds) {
        for (const counter of hold) {
          if (--counter.count > 0) continue;
          change(counter.grant.kind, -1);
          free.push(counter);
        }
      }
      return free.flatMap(settle);
    },
    has: (kind) => (needed.get(kind) ?? 0) > 0,
  };
}
