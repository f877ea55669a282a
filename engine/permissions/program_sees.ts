import { endpointCovers } from "./endpoint_covers.ts";
import type { TextKind } from "./grants.ts";
import { pathCovers } from "./path.ts";
import type { ProgramGrant } from "./permissions.ts";

/**
 * Whether a program has what a grant of its step gives: it would lack it, were the grant taken away.
 * One that is started by the process itself is in that one's box, and has all of it; a brokered one has
 * its own box, and without a box it has everything, whatever is granted. Variables that a program gets
 * are asked for by the process, as is system information.
 *
 * @example
 * ```ts
 * import { programSees } from "./program_sees.ts";
 * import assert from "node:assert/strict";
 *
 * const wc = { program: "wc", args: ["-l", "*"], env: [] };
 * const box = { read: ["/srv"], write: [], network: false };
 * assert.ok(programSees(wc, "read", "/etc/hosts"));
 * assert.ok(!programSees({ ...wc, brokered: true, box }, "read", "/etc/hosts"));
 * assert.ok(programSees({ ...wc, brokered: true, box }, "read", "/srv/a"));
 * ```
 */
export function programSees(
  { brokered, box, deno }: ProgramGrant,
  kind: TextKind,
  entry: string,
): boolean {
  if (kind === "env" || kind === "sys") return false;
  if (brokered !== true) return true;
  const own = box ?? deno;
  if (own === undefined) return false;
  const isPath = kind === "read" || kind === "write" || entry.startsWith("unix:");
  if (isPath) {
    const path = entry.replace(/^unix:/, "");
    const paths = kind === "write" ? own.write : [...own.read, ...own.write];
    return paths.some((one) => pathCovers(one, path) || pathCovers(path, one));
  }
  if (box !== undefined) return box.network;
  return deno!.connect.concat(deno!.listen).some((one) =>
    endpointCovers(one, entry) || endpointCovers(entry, one)
  );
}
