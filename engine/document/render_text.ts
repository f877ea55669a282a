import type { Diagnostic } from "../diagnostic.ts";
import { printable } from "./printable.ts";
import { excerpt } from "./excerpt.ts";

export interface TextOptions {
  /** ANSI colours; default none. */
  readonly color?: boolean;
  /** Cells that a line of an excerpt may take; default 100. */
  readonly width?: number;
}

/** After so many faults only their number is told. */
const shownLimit = 100;

/**
 * Diagnostics for people: place, message, the line with carets below, what to do.
 *
 * ```text
 * hello.yaml:4:32: error[unknown-key]: unknown key "timout" in a step
 *    4 |   - { id: a, uses: demo.echo, timout: 5s }
 *      |                                ^^^^^^
 *      = help: did you mean "timeout"?
 * ```
 *
 * @param texts the texts by file, for the excerpts
 */
export function renderText(
  diagnostics: readonly Diagnostic[],
  texts: ReadonlyMap<string, string>,
  options: TextOptions = {},
): string {
  const paint = painter(options.color ?? false);
  const blocks = diagnostics.slice(0, shownLimit).map((diagnostic) => {
    const { severity, code, message, hint, span } = diagnostic;
    const text = texts.get(span.file)?.replace(/^\uFEFF/, "");
    // Of a value on the command line, or of a file that is not there, a line says nothing.
    const isWhole = text === undefined && span.line === 1 && span.column === 1;
    const at = isWhole ? "" : `:${span.line}:${span.column}`;
    const place = printable(span.file + at);
    const label = paint(severity === "error" ? "red" : "yellow", `${severity}[${code}]`);
    const lines = [`${paint("bold", place)}: ${label}: ${printable(message)}`];
    const found = text === undefined ? undefined : excerpt(text, span, options.width ?? 100);
    const gutter = String(span.line).length + 2;
    if (found !== undefined) {
      lines.push(`${paint("dim", `${`${span.line}`.padStart(gutter)} |`)} ${found.source}`);
      lines.push(
        `${paint("dim", `${" ".repeat(gutter)} |`)} ${
          found.carets.replace(/\^+/, (carets) => paint("red", carets))
        }`,
      );
    }
    if (hint !== undefined) {
      lines.push(`${" ".repeat(gutter)} ${paint("dim", "=")} help: ${printable(hint)}`);
    }
    return lines.join("\n") + "\n";
  });
  if (blocks.length === 0) return "";
  return `${blocks.join("\n")}\n${summary(diagnostics)}\n`;
}

function summary(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const warnings = diagnostics.length - errors;
  const count = (n: number, what: string) => n === 0 ? [] : [`${n} ${what}${n === 1 ? "" : "s"}`];
  const hidden = diagnostics.length - shownLimit;
  return [...count(errors, "error"), ...count(warnings, "warning")].join(", ") +
    (hidden > 0 ? `; the first ${shownLimit} are shown` : "");
}

const codes = { red: "31;1", yellow: "33;1", bold: "1", dim: "2" } as const;

function painter(color: boolean): (code: keyof typeof codes, text: string) => string {
  return (code, text) => color ? `\x1b[${codes[code]}m${text}\x1b[0m` : text;
}
