import { grantKey, type TextKind } from "./grants.ts";
import { none, type Permissions, permissions, type ProgramGrant } from "./permissions.ts";

/** One entry of a set, with its kind. */
export type Grant =
  | { readonly kind: TextKind; readonly entry: string }
  | { readonly kind: "run"; readonly grant: ProgramGrant };

/** The kinds in the order in which people are shown them: programs first, they leave the sandbox. */
export const grantKinds = ["run", "write", "read", "connect", "listen", "env", "sys"] as const;

/** Every entry of a set, programs first, else in the order of the set. */
export function grantsOf(set: Permissions): readonly Grant[] {
  return grantKinds.flatMap((kind): readonly Grant[] =>
    kind === "run"
      ? set.run.map((grant) => ({ kind, grant }))
      : set[kind].map((entry) => ({ kind, entry }))
  );
}

/**
 * The set of some entries, in their order.
 *
 * @example
 * ```ts
 * import { grantsOf, setOfGrants } from "./grant.ts";
 * import { permissions } from "./permissions.ts";
 * import assert from "node:assert/strict";
 *
 * const set = permissions({ read: ["/srv", "/etc"], env: ["USER"] });
 * assert.deepEqual(setOfGrants(grantsOf(set)), set);
 * ```
 */
export function setOfGrants(grants: readonly Grant[]): Permissions {
  const run = grants.flatMap((one) => one.kind === "run" ? [one.grant] : []);
  const texts = Object.keys(none).filter((kind) => kind !== "run").map((kind) => [
    kind,
    grants.flatMap((one) => one.kind === kind && "entry" in one ? [one.entry] : []),
  ]);
  return permissions({ ...Object.fromEntries(texts), run });
}

/** A text that two grants share exactly when they are equal. */
export function grantId(grant: Grant): string {
  return `${grant.kind} ${grant.kind === "run" ? grantKey(grant.grant) : grant.entry}`;
}
