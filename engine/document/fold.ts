import { displayWidth } from "./display_width.ts";

/** How many cells of a terminal a text takes. */
export function cells(text: string): number {
  let sum = 0;
  for (const character of text) sum += displayWidth(character);
  return sum;
}

/**
 * One line as several of at most `columns` cells. Breaks between words; a word that is too long, a
 * path for instance, after one of `/,=` or anywhere. Nothing is cut.
 *
 * @param first cells of the first line, where it has more or fewer than the others
 */
export function wrap(columns: number, text: string, first = columns): readonly string[] {
  const lines: string[] = [];
  let line = "";
  const width = () => lines.length === 0 ? first : columns;
  const pieces = text.split(/(?<= )/).flatMap((word) =>
    cells(word.trimEnd()) <= columns ? [word] : word.split(/(?<=[/,=])/)
  );
  for (const piece of pieces) {
    if (line !== "" && cells(line) + cells(piece.trimEnd()) > width()) {
      lines.push(line);
      line = "";
    }
    for (const character of piece) {
      if (cells(line) + displayWidth(character) > width() && character !== " ") {
        lines.push(line);
        line = "";
      }
      line += character;
    }
  }
  return [...lines, line];
}

/** A word or a few, and what belongs to it two spaces or more further. */
const label = /^( *)((?:[^ ]+ ){1,3} +)?/;

/**
 * A text of several lines in lines of at most `columns` cells. What goes on stands below what it
 * belongs to: behind the label of a line, else two cells further than its beginning.
 *
 * @example
 * ```ts
 * import { fold } from "./fold.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(fold("  run  ln -s a b\n", 14), "  run  ln -s a\n       b\n");
 * ```
 */
export function fold(text: string, columns: number): string {
  return text.split("\n").map((line) => cells(line) <= columns ? line : foldLine(line, columns))
    .join("\n");
}

function foldLine(line: string, columns: number): string {
  const [, indent = "", word = ""] = label.exec(line)!;
  // What can be broken nowhere, a digest for instance, is not broken for a label's sake.
  const whole = Math.max(
    ...line.slice(indent.length + word.length).split(/ |(?<=[/,=])/).map(cells),
  );
  const labelled = word !== "" && indent.length + cells(word) <= columns / 2 &&
    (indent.length + cells(word) + whole <= columns || indent.length + 2 + whole > columns);
  const head = labelled ? indent + word : indent;
  const hang = " ".repeat(labelled ? cells(head) : indent.length + 2);
  return wrap(columns - hang.length, line.slice(head.length), columns - cells(head))
    .map((part, index) => `${index === 0 ? head : hang}${part}`.trimEnd()).join("\n");
}
