import type { DenoGrant } from "./deno_grant.ts";
import type { Permissions } from "./permissions.ts";

/** What turning a set into Deno's own grants has to know beside it. */
export interface ProgramPlaces {
  /** Where each program that has a bare name was found: absolute paths. */
  readonly programs: Readonly<Record<string, string>>;
}

/**
 * A set as Deno sees it: the entries of the lists behind its flags. The flags of a process and what
 * it gives up later are both made from these. Connecting and listening are one right, and a Unix
 * socket needs reading and writing its path too. A program is a path, whatever its arguments;
 * brokered ones are the launcher's to start, and so are not here.
 *
 * @example
 * ```ts
 * import { denoGrants } from "./deno_grants.ts";
 * import { permissions } from "./permissions.ts";
 * import assert from "node:assert/strict";
 *
 * const set = permissions({ connect: ["unix:/run/s"] });
 * assert.deepEqual(denoGrants(set, { programs: {} }), [
 *   { kind: "read", entry: "/run/s" },
 *   { kind: "write", entry: "/run/s" },
 *   { kind: "net", entry: "unix:/run/s" },
 * ]);
 * ```
 */
export function denoGrants(set: Permissions, { programs }: ProgramPlaces): readonly DenoGrant[] {
  const grants: DenoGrant[] = [];
  const add = (kind: DenoGrant["kind"], entries: readonly string[]) => {
    for (const entry of entries) grants.push({ kind, entry });
  };
  const net = [...set.connect, ...set.listen];
  const sockets = net.filter((entry) => entry.startsWith("unix:")).map((entry) => entry.slice(5));
  add("read", set.read);
  add("read", sockets);
  add("write", set.write);
  add("write", sockets);
  add("net", net);
  add("env", set.env);
  add("sys", set.sys);
  for (const { program, brokered } of set.run) {
    if (brokered === true) continue;
    const isFound = !program.startsWith("/") && Object.hasOwn(programs, program);
    grants.push({ kind: "run", entry: isFound ? programs[program]! : program });
  }
  return grants;
}
