import { sha256 } from "../sha256.ts";
import type { Description } from "./description.ts";

/** A file of others that is a step: its whole text, and what it said of itself. Part of the plan. */
export interface ForeignCode {
  /** Absolute path that it was read from; for people, nothing is read from there again. */
  readonly file: string;
  readonly source: string;
  readonly description: Description;
}

/**
 * The name of a step's code: `sha256:` and the digest of its file, as `sha256sum` prints it.
 *
 * @example
 * ```ts
 * import { codeDigest } from "./foreign_code.ts";
 * import assert from "node:assert/strict";
 *
 * assert.match(codeDigest("export default {}"), /^sha256:[0-9a-f]{64}$/);
 * ```
 */
export function codeDigest(source: string): string {
  return `sha256:${sha256(source)}`;
}
