import { displayWidth } from "../../engine/document/display_width.ts";

/** How many cells of a terminal a text takes. */
export function width(text: string): number {
  let cells = 0;
  for (const character of text) cells += displayWidth(character);
  return cells;
}

/** The text, or its beginning and `…`, in at most so many cells. */
export function cutTo(cells: number, text: string): string {
  if (width(text) <= cells) return text;
  let cut = "";
  let used = 0;
  for (const character of text) {
    used += displayWidth(character);
    if (used > cells - 1) break;
    cut += character;
  }
  return `${cut}…`;
}

/**
 * Breaks a text between words into lines of at most so many cells. A word that is longer, a path for
 * instance, stays whole, so that it can be copied.
 */
export function wrap(cells: number, text: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && width(longer) > cells) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
