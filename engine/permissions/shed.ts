import { type DenoGrant, type DenoKind, denoKinds } from "./deno_grant.ts";
import { denoGrants, type ProgramPlaces } from "./deno_grants.ts";
import { inRunner, type PermittedStep } from "./derive.ts";
import { type Hold, makeGrantTally } from "./grant_tally.ts";
import { grantKey } from "./grants.ts";
import { isEmpty } from "./is_empty.ts";
import { type Permissions, permissions, type ProgramGrant } from "./permissions.ts";

/** What of its permissions a step still needs: those of its run, those of its undo. */
export interface Need {
  readonly run: boolean;
  readonly undo: boolean;
}

/** What a process has no use for any more. */
export interface Shed {
  /** Entries of Deno's lists, each of which is granted by nothing that is kept. */
  readonly grants: readonly DenoGrant[];
  /** The kinds among them of which nothing is kept: they can be revoked whole. */
  readonly kinds: readonly DenoKind[];
  /** Programs that the launcher need not start for it any more. */
  readonly brokered: readonly ProgramGrant[];
}

/** The grants of a process by who needs them. */
export interface Shedding {
  /**
   * Says what steps need from now on, by their ids, and gives what nobody needs any more. A step's
   * need never grows: what was shed is gone for good.
   */
  update(needs: Iterable<readonly [id: string, need: Need]>): Shed;
}

/** A plan whose steps have names. */
export interface SheddingPlan {
  readonly steps: readonly (PermittedStep & { readonly id: string })[];
  readonly finally: readonly (PermittedStep & { readonly id: string })[];
}

/** Nothing to shed. */
export const nothingShed: Shed = { grants: [], kinds: [], brokered: [] };

/**
 * Follows what the process of a plan needs, from all of `derive(plan)` down to the folder of the run,
 * which the engine keeps to the end. In the beginning every step needs its run and its undo.
 *
 * @param places.run the folder of the run, absolute
 *
 * @example
 * ```ts
 * import { none, permissions } from "./permissions.ts";
 * import { makeShedding } from "./shed.ts";
 * import assert from "node:assert/strict";
 *
 * const set = (read: string) => ({ run: permissions({ read: [read] }), undo: none });
 * const steps = [{ id: "a", permissions: set("/a") }, { id: "b", permissions: set("/b") }];
 * const shedding = makeShedding({ steps, finally: [] }, { run: "/runs/1", programs: {} });
 * const { grants } = shedding.update([["a", { run: false, undo: false }]]);
 * assert.deepEqual(grants, [{ kind: "read", entry: "/a" }]);
 * ```
 */
export function makeShedding(
  plan: SheddingPlan,
  places: ProgramPlaces & { readonly run: string },
): Shedding {
  const tally = makeGrantTally();
  const brokered = makeBrokeredTally();
  tally.hold(denoGrants(permissions({ read: [places.run], write: [places.run] }), places));
  const hold = (set: Permissions): Held | undefined =>
    isEmpty(set)
      ? undefined
      : { grants: tally.hold(denoGrants(set, places)), brokered: brokered.hold(set) };
  /** What steps still hold, by their ids. */
  const steps = new Map<string, { run: Held | undefined; undo: Held | undefined }>();
  for (const step of [...plan.steps, ...plan.finally]) {
    const { run, undo } = inRunner(step);
    steps.set(step.id, { run: hold(run), undo: hold(undo) });
  }
  return {
    update(changes) {
      const free: Held[] = [];
      for (const [id, need] of changes) {
        const held = steps.get(id);
        if (held === undefined) continue;
        if (!need.run && held.run !== undefined) {
          free.push(held.run);
          held.run = undefined;
        }
        if (!need.undo && held.undo !== undefined) {
          free.push(held.undo);
          held.undo = undefined;
        }
      }
      if (free.length === 0) return nothingShed;
      const grants = tally.letGo(free.map((held) => held.grants));
      return {
        grants,
        kinds: denoKinds.filter((kind) =>
          grants.some((grant) => grant.kind === kind) && !tally.has(kind)
        ),
        brokered: free.flatMap((held) => brokered.letGo(held.brokered)),
      };
    },
  };
}

/** What one need holds. */
interface Held {
  readonly grants: Hold;
  readonly brokered: readonly ProgramGrant[];
}

/** Counts the steps that need each brokered program. */
function makeBrokeredTally() {
  const counts = new Map<string, number>();
  const count = (grant: ProgramGrant, change: number) => {
    const key = grantKey(grant);
    const after = (counts.get(key) ?? 0) + change;
    counts.set(key, after);
    return after;
  };
  return {
    hold(set: Permissions): readonly ProgramGrant[] {
      const grants = set.run.filter((grant) => grant.brokered === true);
      for (const grant of grants) count(grant, 1);
      return grants;
    },
    letGo: (grants: readonly ProgramGrant[]): readonly ProgramGrant[] =>
      grants.filter((grant) => count(grant, -1) === 0),
  };
}
