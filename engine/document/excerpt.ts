import type { Span } from "../diagnostic.ts";
import { displayWidth } from "./display_width.ts";
import { printable } from "./printable.ts";

export interface Excerpt {
  /** The line of the text, without tabs and cut to the width. */
  readonly source: string;
  /** Spaces and carets that go below it. */
  readonly carets: string;
}

const tabWidth = 4;

/**
 * The line where a span begins and the carets below it. A line wider than `width` cells is cut
 * around the caret, with `…` where something is missing. `undefined` when the text lacks the line.
 */
export function excerpt(text: string, span: Span, width: number): Excerpt | undefined {
  const line = nthLine(text, span.line);
  if (line === undefined) return undefined;
  const last = span.endLine > span.line ? line.trimEnd().length : span.endColumn - 1;

  interface Cell {
    readonly shown: string;
    readonly width: number;
    readonly marked: boolean;
  }
  const cells: Cell[] = [];
  let offset = 0;
  let column = 0;
  for (const character of line) {
    const isTab = character === "\t";
    const shown = isTab ? " ".repeat(tabWidth - column % tabWidth) : printable(character);
    const cellWidth = shown === character ? displayWidth(character) : shown.length;
    const marked = offset >= span.column - 1 && offset < last;
    cells.push({ shown, width: cellWidth, marked });
    offset += character.length;
    column += cellWidth;
  }
  // A span of nothing, or one behind the end of the line, still gets one caret.
  if (!cells.some(({ marked }) => marked)) {
    const at = Math.min(span.column - 1, cells.length);
    cells.splice(at, 1, { ...(cells[at] ?? { shown: "", width: 1 }), marked: true });
  }

  const first = cells.findIndex(({ marked }) => marked);
  const total = cells.reduce((sum, cell) => sum + cell.width, 0);
  let from = 0;
  let to = cells.length;
  if (total > width) {
    from = Math.max(0, first - Math.floor(width / 3));
    let used = 0;
    for (to = from; to < cells.length && used + cells[to]!.width <= width - 2; to++) {
      used += cells[to]!.width;
    }
  }
  const shown = cells.slice(from, to);
  const lead = from > 0 ? "…" : "";
  const source = lead + shown.map((cell) => cell.shown).join("") + (to < cells.length ? "…" : "");
  const carets = " ".repeat(lead.length) +
    shown.map((cell) => (cell.marked ? "^" : " ").repeat(cell.width)).join("");
  return { source: source.trimEnd(), carets: carets.trimEnd() };
}

function nthLine(text: string, line: number): string | undefined {
  let start = 0;
  for (let n = 1; n < line; n++) {
    const newline = text.indexOf("\n", start);
    if (newline < 0) return undefined;
    start = newline + 1;
  }
  const end = text.indexOf("\n", start);
  return text.slice(start, end < 0 ? text.length : end).replace(/\r$/, "");
}
