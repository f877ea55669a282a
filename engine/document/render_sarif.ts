import type { Diagnostic } from "../diagnostic.ts";

/**
 * Diagnostics as SARIF 2.1.0, which code scanning services read.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function renderSarif(diagnostics: readonly Diagnostic[]): string {
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort();
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{
      tool: {
        driver: {
          name: "Sluice",
          rules: codes.map((id) => ({ id, shortDescription: { text: id.replaceAll("-", " ") } })),
        },
      },
      columnKind: "utf16CodeUnits",
      results: diagnostics.map(({ severity, code, message, hint, span }) => ({
        ruleId: code,
        ruleIndex: codes.indexOf(code),
        level: severity,
        message: { text: hint === undefined ? `${message}.` : `${message}. Help: ${hint}` },
        locations: [{
          physicalLocation: {
            artifactLocation: { uri: uri(span.file) },
            region: {
              startLine: span.line,
              startColumn: span.column,
              endLine: span.endLine,
              endColumn: span.endColumn,
            },
          },
        }],
      })),
    }],
  };
  return JSON.stringify(log, null, 2) + "\n";
}

function uri(file: string): string {
  const path = file.split("/").map(encodeURIComponent).join("/");
  return file.startsWith("/") ? `file://${path}` : path;
}
