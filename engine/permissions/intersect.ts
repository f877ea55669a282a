import { mapGrants } from "./grants.ts";
import { meetEntries, meetPrograms } from "./meet.ts";
import type { Permissions } from "./permissions.ts";
import { union } from "./union.ts";

/**
 * What both sets reach: the widest set that each of them covers. Of a program that both grant, it is
 * the shape that fits both, with the variables and the box of both.
 *
 * @example
 * ```ts
 * import { intersect } from "./intersect.ts";
 * import { permissions } from "./permissions.ts";
 * import assert from "node:assert/strict";
 *
 * const a = permissions({ read: ["/srv"], connect: ["*.example.com:443"] });
 * const b = permissions({ read: ["/srv/a", "/etc"], connect: ["api.example.com"] });
 * assert.deepEqual(intersect(a, b).read, ["/srv/a"]);
 * assert.deepEqual(intersect(a, b).connect, ["api.example.com:443"]);
 * ```
 */
export function intersect(a: Permissions, b: Permissions): Permissions {
  const met = <T>(
    ones: readonly T[],
    others: readonly T[],
    meet: (one: T, other: T) => T | undefined,
  ) =>
    ones.flatMap((one) =>
      others.map((other) => meet(one, other)).filter((each) => each !== undefined)
    );
  // A union keeps equal entries once.
  return union(mapGrants(
    a,
    (entries, kind) => met(entries, b[kind], (one, other) => meetEntries(kind, one, other)),
    (grants) => met(grants, b.run, meetPrograms),
  ));
}
