import { escapeMisread } from "../document/printable.ts";

/**
 * A value as JSON on one line, in which every character that a terminal, or a reader of lines, could
 * take for more than text is escaped.
 *
 * @example
 * ```ts
 * import { jsonLine } from "./json_line.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(jsonLine({ notes: "a\nb\u2028c" }), '{"notes":"a\\nb\\u2028c"}');
 * ```
 */
export function jsonLine(value: object): string {
  return escapeMisread(JSON.stringify(value));
}
