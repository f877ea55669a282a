/** Characters that are legal in JSON but end a line, steer a terminal or reorder text for some reader. */
const misread = /[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

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
  return JSON.stringify(value).replace(
    misread,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
