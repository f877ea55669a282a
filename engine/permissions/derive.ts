import { none, type Permissions, permissions } from "./permissions.ts";
import { union } from "./union.ts";

/** What of a plan has permissions. */
export interface PermittedPlan {
  readonly steps: readonly PermittedStep[];
  readonly finally: readonly PermittedStep[];
}

/** A step with what it declares. */
export interface PermittedStep {
  /** Digest of its code, where it is a step of others. */
  readonly foreign?: string;
  readonly permissions: { readonly run: Permissions; readonly undo: Permissions };
}

/**
 * The set that the runner of a plan needs: what each step of the registry declares for running and
 * for being undone, and the engine's own need, its folder of the run. A union that is not reduced, as
 * flags want it. Steps of others are not in it: see `deriveForeign`.
 *
 * @param folders.run the folder of the run, absolute
 *
 * @example
 * ```ts
 * import { derive } from "./derive.ts";
 * import { none, permissions } from "./permissions.ts";
 * import assert from "node:assert/strict";
 *
 * const step = { permissions: { run: permissions({ read: ["/srv"] }), undo: none } };
 * const set = derive({ steps: [step], finally: [] }, { run: "/runs/1" });
 * assert.deepEqual(set.read, ["/runs/1", "/srv"]);
 * assert.deepEqual(set.write, ["/runs/1"]);
 * ```
 */
export function derive(plan: PermittedPlan, folders: { readonly run: string }): Permissions {
  const engine = permissions({ read: [folders.run], write: [folders.run] });
  const declared = [...plan.steps, ...plan.finally].map(inRunner);
  return union(engine, ...declared.flatMap(({ run, undo }) => [run, undo]));
}

/** What of a step's permissions the runner has: nothing of a step of others. */
export function inRunner(
  { foreign, permissions: own }: PermittedStep,
): PermittedStep["permissions"] {
  return foreign === undefined ? own : { run: none, undo: none };
}

/**
 * All that the steps of a plan declare, for running and for being undone, steps of others with them;
 * nothing of the engine's own.
 */
export function declaredBy(plan: PermittedPlan): Permissions {
  const declared = [...plan.steps, ...plan.finally].flatMap(({ permissions: own }) => [
    own.run,
    own.undo,
  ]);
  return union(...declared);
}
