import type { Diagnostic } from "../diagnostic.ts";

/**
 * Diagnostics as workflow commands of GitHub Actions, which shows them beside the lines of a pull
 * request: `::error file=…,line=…,col=…,title=…::…`.
 *
 * @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function renderGithub(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(({ severity, code, message, hint, span }) => {
    const properties = {
      file: span.file,
      line: span.line,
      endLine: span.endLine,
      col: span.column,
      // GitHub takes an end column only within one line.
      ...(span.endLine === span.line ? { endColumn: span.endColumn } : {}),
      title: `sluice ${code}`,
    };
    const list = Object.entries(properties).map(([key, value]) =>
      `${key}=${escapeData(String(value)).replaceAll(":", "%3A").replaceAll(",", "%2C")}`
    );
    const text = hint === undefined ? message : `${message}\n${hint}`;
    return `::${severity} ${list.join(",")}::${escapeData(text)}\n`;
  }).join("");
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
