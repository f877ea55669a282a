import { canonicalJson, type Json } from "../json.ts";
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
  const text = canonicalJson(normalise(set) as unknown as Json);
  return `sha256:${crypto().createHash("sha256").update(text).digest("hex")}`;
}

/** Loaded at the first use: it takes longer than the start of the launcher, which may not need it. */
function crypto(): typeof import("node:crypto") {
  return globalThis.process.getBuiltinModule("node:crypto");
}
