import type { Diagnostic } from "../../engine/diagnostic.ts";
import { renderDiagnostics } from "../../engine/document/render.ts";
import type { Place } from "./port.ts";
import { shownName } from "./shown_name.ts";

/**
 * Shows faults of files of the project to people, on standard error: files are called as they are
 * from where the user stands.
 *
 * @param diagnostics with paths in the project
 */
export function showProjectDiagnostics(
  diagnostics: readonly Diagnostic[],
  texts: ReadonlyMap<string, string>,
  { context, port }: Place,
): void {
  const { project, cwd, color, columns } = context;
  const called = (file: string) =>
    shownName(file.startsWith("/") ? file : `${project}/${file}`, cwd);
  const shown = diagnostics.map((one) => ({
    ...one,
    span: { ...one.span, file: called(one.span.file) },
  }));
  const named = new Map([...texts].map(([file, text]) => [called(file), text]));
  port.err(renderDiagnostics("text", shown, named, { color, width: columns }));
}
