import type { Span } from "../diagnostic.ts";

/** The value of a scalar of YAML, with its place and, if at hand, the whole text of its file. */
export interface PlacedText {
  readonly value: string;
  readonly span: Span;
  readonly text?: string;
}

/**
 * The place of a part of a scalar's value, in whatever style it is written. Without the text of the
 * file it is exact for a scalar on one line without escapes, and else the whole scalar.
 *
 * @param from UTF-16 units from the beginning of the value
 */
export function spanOfPart(scalar: PlacedText, from: number, length: number): Span {
  const { value, span, text } = scalar;
  const raw = text === undefined ? guess(value, span) : slice(text, span);
  const units = raw === undefined ? undefined : align(raw, value);
  if (raw === undefined || units === undefined) return span;
  const at = (index: number) => {
    const lines = raw.slice(0, index).split("\n");
    const column = lines.at(-1)!.length + (lines.length === 1 ? span.column : 1);
    return { line: span.line + lines.length - 1, column };
  };
  const first = units[Math.min(from, value.length)]!;
  const last = units[Math.min(from + length, value.length) - 1] ?? first;
  const [begin, end] = [at(first.start), at(length === 0 ? first.start : last.end)];
  return { file: span.file, ...begin, endLine: end.line, endColumn: end.column };
}

/** What must stand in the file, if the width of the span tells. */
function guess(value: string, { line, endLine, column, endColumn }: Span): string | undefined {
  if (line !== endLine) return undefined;
  const more = endColumn - column - value.length;
  return more === 0 ? value : more === 2 && !/["'\\]/.test(value) ? `"${value}"` : undefined;
}

let last: { readonly text: string; readonly lines: readonly number[] } = { text: "", lines: [0] };

function slice(text: string, { line, column, endLine, endColumn }: Span): string {
  if (last.text !== text) {
    last = { text, lines: [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)] };
  }
  const at = (line: number, column: number) => (last.lines[line - 1] ?? text.length) + column - 1;
  return text.slice(at(line, column), at(endLine, endColumn));
}

interface Unit {
  readonly start: number;
  readonly end: number;
}

/**
 * Where each unit of the value stands in the source of the scalar, and behind them its end. White
 * space may have been folded or dropped; everything else must be found again.
 */
function align(raw: string, value: string): readonly Unit[] | undefined {
  const style = raw[0];
  const units: Unit[] = [];
  let at = style === "'" || style === '"' ? 1 : 0;
  if ((style === "|" || style === ">") && raw.includes("\n")) at = raw.indexOf("\n") + 1;
  while (units.length < value.length) {
    const char = value[units.length]!;
    const start = at;
    if (style === '"' && raw[at] === "\\") {
      const { length, count } = escape(raw, at);
      at += length;
      for (let n = 0; n < count; n++) units.push({ start, end: at });
    } else if (raw[at] === char) {
      at += style === "'" && char === "'" ? 2 : 1;
      units.push({ start, end: at });
    } else if (at < raw.length && /\s/.test(raw[at]!)) at++;
    else if (/\s/.test(char)) units.push({ start, end: at });
    else return undefined;
  }
  units.push({ start: at, end: at });
  return units;
}

/** How long an escape of a double-quoted scalar is, and how many units it stands for. */
function escape(raw: string, at: number): { readonly length: number; readonly count: number } {
  switch (raw[at + 1]) {
    case "x":
      return { length: 4, count: 1 };
    case "u":
      return { length: 6, count: 1 };
    case "U":
      return { length: 10, count: parseInt(raw.slice(at + 2, at + 10), 16) > 0xffff ? 2 : 1 };
    case "\r":
    case "\n":
      return { length: 2, count: 0 };
    default:
      return { length: 2, count: 1 };
  }
}
