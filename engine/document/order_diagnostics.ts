import type { Diagnostic } from "../diagnostic.ts";

/**
 * Diagnostics in the order of the text, file after file, each said once: two passes may find the
 * same fault.
 */
export function orderDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const files = [...new Set(diagnostics.map(({ span }) => span.file))];
  const seen = new Set<string>();
  return diagnostics
    .filter(({ code, message, span }) => {
      const key = JSON.stringify([code, message, span.file, span.line, span.column]);
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    })
    .sort(({ span: a }, { span: b }) =>
      files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column
    );
}
