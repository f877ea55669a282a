import { digestOf } from "../digest.ts";
import { setOfGrants } from "../grant.ts";
import { permissions } from "../permissions.ts";
import { runFolderWord } from "../run_folder.ts";
import { union } from "../union.ts";
import { withoutWords } from "./words.ts";
import type { WrittenSurface } from "./written_lock.ts";

/**
 * The name of what the lock says of a surface: of a fixed one its set, of an open one its ceiling.
 * The same on every machine and in every folder, as `${project}`, `${runs}` and `${tmp}` stand for
 * themselves. Where a set names none of these, it is also what `sluice plan --surface` calls it.
 *
 * @example
 * ```ts
 * import { surfaceDigest } from "./surface_digest.ts";
 * import { digestOf } from "../digest.ts";
 * import { permissions } from "../permissions.ts";
 * import assert from "node:assert/strict";
 *
 * const grants = [{ kind: "connect", entry: "127.0.0.1:80", why: [] }] as const;
 * const surface = { name: "watch", kind: "fixed", pipeline: "w.yaml", grants, accepts: [] } as const;
 * const run = ["${run}"];
 * assert.equal(
 *   surfaceDigest(surface),
 *   digestOf(permissions({ read: run, write: run, connect: ["127.0.0.1:80"] })),
 * );
 * ```
 */
export function surfaceDigest({ kind, grants }: WrittenSurface): string {
  const locked = withoutWords(setOfGrants(grants));
  if (kind === "open") return digestOf(locked);
  const engine = permissions({ read: [runFolderWord], write: [runFolderWord] });
  return digestOf(union(engine, locked));
}
