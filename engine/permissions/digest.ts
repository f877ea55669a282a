import { canonicalJson, type Json } from "../json.ts";
import { sha256 } from "../sha256.ts";
import { normalise } from "./normalise.ts";
import type { Permissions } from "./permissions.ts";

/**
 * The name of a set: `sha256:` and 64 hexadecimal digits over its normal form, so that two sets that
 * grant the same have one name. This is what `--accept` is given.
 *
 * @example
 * ```ts
 * import { digestOf } from "./digest.ts";
 * import { permissions } from "./permissions.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(
 *   digestOf(permissions({ read: ["/b", "/a"] })),
 *   digestOf(permissions({ read: ["/a", "/b", "/a/c"] })),
 * );
 * ```
 */
export function digestOf(set: Permissions): string {
  return `sha256:${sha256(canonicalJson(normalise(set) as unknown as Json))}`;
}
