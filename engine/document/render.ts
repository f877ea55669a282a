import type { Diagnostic } from "../diagnostic.ts";
import { renderGithub } from "./render_github.ts";
import { renderJson } from "./render_json.ts";
import { renderSarif } from "./render_sarif.ts";
import { renderText, type TextOptions } from "./render_text.ts";

export const diagnosticFormats = ["text", "json", "github", "sarif"] as const;

export type DiagnosticFormat = (typeof diagnosticFormats)[number];

/**
 * Renders diagnostics: with excerpts for people, as JSON or SARIF for programs, or as GitHub
 * annotations. No diagnostics are an empty text in `text` and `github`, an empty list in the others.
 *
 * @param texts the texts by file, for the excerpts of `text`
 *
 * @example
 * ```ts
 * import { parseDocument } from "./parse.ts";
 * import { renderDiagnostics } from "./render.ts";
 * import assert from "node:assert/strict";
 *
 * const text = "sluice: v2\nname: hello\nsteps: [{ id: a, uses: demo.echo }]\n";
 * const { diagnostics } = parseDocument(text, "hello.yaml");
 * const shown = renderDiagnostics("text", diagnostics, new Map([["hello.yaml", text]]));
 * assert.match(shown, /^hello\.yaml:1:9: error\[bad-version\]/);
 * ```
 */
export function renderDiagnostics(
  format: DiagnosticFormat,
  diagnostics: readonly Diagnostic[],
  texts: ReadonlyMap<string, string>,
  options: TextOptions = {},
): string {
  switch (format) {
    case "text":
      return renderText(diagnostics, texts, options);
    case "json":
      return renderJson(diagnostics);
    case "github":
      return renderGithub(diagnostics);
    case "sarif":
      return renderSarif(diagnostics);
  }
}
