import type { Diagnostic, Span } from "../diagnostic.ts";

/** The code of faults whose place holds a secret, which no excerpt may show. */
export const literalSecret = "literal-secret";

/**
 * Texts for excerpts, with the secrets that were found written in them starred out. Lines and
 * columns stay as they were.
 */
export function redactSecrets(
  texts: ReadonlyMap<string, string>,
  diagnostics: readonly Diagnostic[],
): ReadonlyMap<string, string> {
  const redacted = new Map(texts);
  for (const { code, span } of diagnostics) {
    const text = redacted.get(span.file);
    if (code === literalSecret && text !== undefined) redacted.set(span.file, star(text, span));
  }
  return redacted;
}

function star(text: string, { line, column, endLine, endColumn }: Span): string {
  return text.split("\n").map((content, index) => {
    const number = index + 1;
    if (number < line || number > endLine) return content;
    const from = number === line ? column - 1 : 0;
    const to = number === endLine ? endColumn - 1 : content.length;
    return content.slice(0, from) + "*".repeat(Math.max(0, to - from)) + content.slice(to);
  }).join("\n");
}
