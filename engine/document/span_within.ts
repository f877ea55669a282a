import type { Span } from "../diagnostic.ts";

/**
 * The place of a part of a scalar: of an expression within a text, or of a name within an expression.
 * Exact where the text holds that part as written; the whole scalar where escapes or folding
 * came between.
 *
 * @param text the whole document
 * @param span of the scalar, quotes included
 * @param value of the scalar
 * @param start offset of the part in `value`
 * @param end offset after the part
 *
 * @example
 * ```ts
 * import { spanWithin } from "./span_within.ts";
 * import assert from "node:assert/strict";
 *
 * const whole = { file: "x.yaml", line: 1, column: 4, endLine: 1, endColumn: 17 };
 * const part = spanWithin('a: "go ${{ x }}"', whole, "go ${{ x }}", 7, 8);
 * assert.equal(part.column, 12);
 * ```
 */
export function spanWithin(
  text: string,
  span: Span,
  value: string,
  start: number,
  end: number,
): Span {
  const from = offsetOf(text, span.line, span.column);
  const raw = text.slice(from, offsetOf(text, span.endLine, span.endColumn));
  const part = value.slice(start, end);
  if (part === "" || part.includes("\n")) return span;
  // The value as written; else, in a block scalar, the line of it that holds the part.
  let at = raw.indexOf(value) + start;
  if (!raw.includes(value)) {
    const lineStart = value.lastIndexOf("\n", start) + 1;
    const lineEnd = value.indexOf("\n", start);
    const line = value.slice(lineStart, lineEnd < 0 ? value.length : lineEnd);
    const first = raw.indexOf(line);
    if (first < 0 || raw.indexOf(line, first + 1) >= 0) return span;
    at = first + start - lineStart;
  }
  const before = raw.slice(0, at);
  const newline = before.lastIndexOf("\n");
  const line = span.line + before.split("\n").length - 1;
  const column = newline < 0 ? span.column + at : at - newline;
  return { file: span.file, line, column, endLine: line, endColumn: column + part.length };
}

function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let n = 1; n < line; n++) {
    const newline = text.indexOf("\n", start);
    if (newline < 0) return text.length;
    start = newline + 1;
  }
  return start + column - 1;
}
