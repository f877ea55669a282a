import type { Span } from "../diagnostic.ts";

/** Turns offsets of one text into lines and columns. Columns count UTF-16 units, from 1. */
export interface LineIndex {
  /** The span of the text from offset `start` up to, not including, offset `end`. */
  span(start: number, end: number): Span;
}

/**
 * Reads where the lines of a text begin, once.
 *
 * @example
 * ```ts
 * import { lineIndex } from "./line_index.ts";
 * import assert from "node:assert/strict";
 *
 * const { line, column } = lineIndex("a: 1\nb: 2\n", "x.yaml").span(8, 9);
 * assert.deepEqual([line, column], [2, 4]);
 * ```
 */
export function lineIndex(text: string, file: string): LineIndex {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);

  function place(offset: number): { line: number; column: number } {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - starts[low]! + 1 };
  }

  return {
    span(start, end) {
      const from = place(Math.max(0, Math.min(start, text.length)));
      const to = place(Math.max(0, Math.min(Math.max(start, end), text.length)));
      return {
        file,
        line: from.line,
        column: from.column,
        endLine: to.line,
        endColumn: to.column,
      };
    },
  };
}
