import { type DenoGrant, type DenoKind, denoKinds } from "./deno_grant.ts";
import { denoGrants, type ProgramPlaces } from "./deno_grants.ts";
import { inRunner, type PermittedStep } from "./derive.ts";
import { makeGrantTally } from "./grant_tally.ts";
import { grantKey } from "./grants.ts";
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
  const steps = new Map([...plan.steps, ...plan.finally].map((step) => [step.id, inRunner(step)]));
  const needs = new Map<string, Need>();
  tally.add(denoGrants(permissions({ read: [places.run], write: [places.run] }), places));
  for (const [id, { run, undo }] of steps) {
    needs.set(id, { run: true, undo: true });
    for (const set of [run, undo]) {
      tally.add(denoGrants(set, places));
      brokered.add(set);
    }
  }
  const letGo = (id: string, need: Need): readonly Permissions[] => {
    const before = needs.get(id);
    if (before === undefined) return [];
    needs.set(id, { run: before.run && need.run, undo: before.undo && need.undo });
    const { run, undo } = steps.get(id)!;
    return [
      ...(before.run && !need.run ? [run] : []),
      ...(before.undo && !need.undo ? [undo] : []),
    ];
  };
  return {
    update(changes) {
      const sets = [...changes].flatMap(([id, need]) => letGo(id, need));
      const grants = tally.remove(sets.flatMap((set) => denoGrants(set, places)));
      const kinds = denoKinds.filter((kind) =>
        !tally.has(kind) && grants.some((grant) => grant.kind === kind)
      );
      return { grants, kinds, brokered: sets.flatMap(brokered.remove) };
    },
  };
}

/** Counts the steps that need each brokered program. */
function makeBrokeredTally() {
  const counts = new Map<string, number>();
  const ofSet = ({ run }: Permissions) => run.filter((grant) => grant.brokered === true);
  const count = (grant: ProgramGrant, change: number) => {
    const key = grantKey(grant);
    const after = (counts.get(key) ?? 0) + change;
    counts.set(key, after);
    return after;
  };
  return {
    add(set: Permissions): void {
      for (const grant of ofSet(set)) count(grant, 1);
    },
    remove(set: Permissions): readonly ProgramGrant[] {
      return ofSet(set).filter((grant) => count(grant, -1) === 0);
    },
  };
}
