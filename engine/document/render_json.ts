import type { Diagnostic } from "../diagnostic.ts";

/**
 * Diagnostics as one JSON object:
 * `{schemaVersion: 1, diagnostics: [{severity, code, message, hint?, file, line, column, end_line, end_column}]}`.
 * Lines and columns count from 1, columns in UTF-16 units; the end is exclusive.
 */
export function renderJson(diagnostics: readonly Diagnostic[]): string {
  const shown = diagnostics.map(({ severity, code, message, hint, span }) => ({
    severity,
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    file: span.file,
    line: span.line,
    column: span.column,
    end_line: span.endLine,
    end_column: span.endColumn,
  }));
  return JSON.stringify({ schemaVersion: 1, diagnostics: shown }, null, 2) + "\n";
}
