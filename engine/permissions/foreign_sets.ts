import type { PermittedPlan } from "./derive.ts";
import type { Permissions } from "./permissions.ts";
import { union } from "./union.ts";

/** What the process of one step of others may touch, and which code it is that does. */
export interface ForeignSet {
  /** Digest of its code. */
  readonly code: string;
  readonly run: Permissions;
  readonly undo: Permissions;
}

/** The sets of the steps of others of a plan, by the id of the planned step. */
export type ForeignSets = Readonly<Record<string, ForeignSet>>;

/**
 * The sets of a plan's steps of others: each for a process of its own. The runner has none of it.
 *
 * @example
 * ```ts
 * import { deriveForeign } from "./foreign_sets.ts";
 * import { none, permissions } from "./permissions.ts";
 * import assert from "node:assert/strict";
 *
 * const own = { run: permissions({ read: ["/srv"] }), undo: none };
 * const steps = [{ id: "a", permissions: own }, { id: "b", foreign: "sha256:…", permissions: own }];
 * assert.deepEqual(Object.keys(deriveForeign({ steps, finally: [] })), ["b"]);
 * ```
 */
export function deriveForeign(
  plan: {
    readonly steps: readonly (PermittedPlan["steps"][number] & { readonly id: string })[];
    readonly finally: readonly (PermittedPlan["steps"][number] & { readonly id: string })[];
  },
): ForeignSets {
  const found = [...plan.steps, ...plan.finally].flatMap(({ id, foreign, permissions }) =>
    foreign === undefined ? [] : [[id, { code: foreign, ...permissions }] as const]
  );
  return Object.fromEntries(found);
}

/** All that the steps of others may touch, in whatever process. */
export function unionOfForeign(sets: ForeignSets): Permissions {
  return union(...Object.values(sets).flatMap(({ run, undo }) => [run, undo]));
}
