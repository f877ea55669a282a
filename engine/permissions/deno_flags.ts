import { RefusedError } from "../errors.ts";
import { parseEndpoint } from "./endpoint.ts";
import { isPlainPath } from "./path.ts";
import type { Permissions } from "./permissions.ts";

/** What {@linkcode denoFlags} has to know beside the set. */
export interface FlagPlaces {
  /** Where each program that has a bare name was found: absolute paths. */
  readonly programs: Readonly<Record<string, string>>;
}

/**
 * The flags of `deno run` that grant a set and nothing else. Every flag lists what it grants: a kind
 * without entries has no flag. What Deno would read as a list, a pattern or something wider than it
 * says is refused. Connecting and listening are one right in Deno; a Unix socket needs reading and
 * writing its path too. Brokered programs get no flag: the launcher starts them.
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
export function denoFlags(set: Permissions, { programs }: FlagPlaces): string[] {
  const net = [...set.connect, ...set.listen];
  const sockets = net.flatMap((entry) => {
    const endpoint = parseEndpoint(entry);
    if (endpoint === undefined) throw inexpressible("net", entry);
    return endpoint.kind === "unix" ? [endpoint.path] : [];
  });
  const run = set.run.filter((grant) => grant.brokered !== true).map(({ program }) =>
    program.startsWith("/")
      ? program
      : Object.hasOwn(programs, program)
      ? programs[program]!
      : program
  );
  return [
    ...flag("read", [...set.read, ...sockets], isPlainPath),
    ...flag("write", [...set.write, ...sockets], isPlainPath),
    ...flag("net", net, (entry) => !entry.startsWith("unix:") || isPlainPath(entry.slice(5))),
    ...flag("env", set.env, (name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)),
    ...flag("sys", set.sys, (kind) => /^[A-Za-z]+$/.test(kind)),
    ...flag("run", run, isPlainPath),
  ];
}

function flag(kind: string, entries: readonly string[], isExact: (entry: string) => boolean) {
  if (entries.length === 0) return [];
  for (const entry of entries) {
    if (entry.includes(",") || !isExact(entry)) throw inexpressible(kind, entry);
  }
  return [`--allow-${kind}=${[...new Set(entries)].join(",")}`];
}

function inexpressible(kind: string, entry: string): RefusedError {
  return new RefusedError(`no flag grants exactly ${kind} ${JSON.stringify(entry)}`, {
    hint: "use absolute paths without '..' and commas, hosts with an optional port, plain names",
  });
}
