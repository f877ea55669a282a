import type { Diagnostic } from "../../engine/diagnostic.ts";

/**
 * What a file is called for the user: relative to where the user stands if it lies below, else
 * absolute.
 *
 * @param path absolute, or no path at all, such as `--param root`
 * @param cwd absolute
 */
export function shownName(path: string, cwd: string): string {
  const below = cwd === "/" ? "/" : `${cwd}/`;
  return path.startsWith(below) ? path.slice(below.length) : path;
}

/** Diagnostics whose messages name files. */
const ofFiles = new Set(["missing-file", "include-cycle"]);

/** The same diagnostics, with files called as the user calls them. */
export function showNames(diagnostics: readonly Diagnostic[], cwd: string): readonly Diagnostic[] {
  return diagnostics.map((diagnostic) => ({
    ...diagnostic,
    ...(ofFiles.has(diagnostic.code)
      ? { message: diagnostic.message.replaceAll(`${cwd}/`, "") }
      : {}),
    span: { ...diagnostic.span, file: shownName(diagnostic.span.file, cwd) },
  }));
}
