import { RefusedError } from "../errors.ts";
import { type DenoGrant, denoKinds, isExact } from "./deno_grant.ts";
import { denoGrants, type ProgramPlaces } from "./deno_grants.ts";
import { hintOfAddress } from "./endpoint.ts";
import type { Permissions } from "./permissions.ts";

/**
 * The flags of `deno run` that grant a set and nothing else. Every flag lists what it grants: a kind
 * without entries has no flag. What Deno would read as a list, a pattern or something wider than it
 * says is refused.
 *
 * @throws RefusedError for an entry that no flag can say exactly
 *
 * @example
 * ```ts
 * import { denoFlags } from "./deno_flags.ts";
 * import { permissions } from "./permissions.ts";
 * import assert from "node:assert/strict";
 *
 * const ln = { program: "ln", args: ["-s", "*", "*"], env: [] };
 * assert.deepEqual(
 *   denoFlags(permissions({ read: ["/a", "/b"], run: [ln] }), { programs: { ln: "/usr/bin/ln" } }),
 *   ["--allow-read=/a,/b", "--allow-run=/usr/bin/ln"],
 * );
 * ```
 */
export function denoFlags(set: Permissions, places: ProgramPlaces): string[] {
  const grants = denoGrants(set, places);
  for (const grant of grants) if (!isExact(grant)) throw inexpressible(grant);
  return denoKinds.flatMap((kind) => {
    const entries = grants.filter((grant) => grant.kind === kind).map(({ entry }) => entry);
    return entries.length === 0 ? [] : [`--allow-${kind}=${[...new Set(entries)].join(",")}`];
  });
}

function inexpressible({ kind, entry }: DenoGrant): RefusedError {
  return new RefusedError(`no flag grants exactly ${kind} ${JSON.stringify(entry)}`, {
    hint: (kind === "net" ? hintOfAddress(entry) : undefined) ??
      "use absolute paths without '..' and commas, hosts with an optional port, plain names",
  });
}
