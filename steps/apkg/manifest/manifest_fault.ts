import type { Diagnostic } from "../../../engine/diagnostic.ts";
import { renderText } from "../../../engine/document/render_text.ts";
import { InvalidInputError } from "../../../engine/errors.ts";
import { hideEnvironment } from "./hide_environment.ts";

/** Faults that `details` holds; the message tells of all. */
const mostDetails = 20;

/** Of a URL, who asks and with what password. */
const credentials = /(?<=:\/\/)[^/\s@"']+(?=@)/g;

/** The error for a manifest, with every fault. It shows no value of its environment, no password. */
export function manifestFault(
  found: readonly Diagnostic[],
  file: string,
  text: string,
): InvalidInputError {
  const hide = (text: string) => text.replaceAll(credentials, (found) => "*".repeat(found.length));
  const diagnostics = found.map((one) => ({ ...one, message: hide(one.message) }));
  const count = `${diagnostics.length} fault${diagnostics.length === 1 ? "" : "s"}`;
  const shown = renderText(diagnostics, new Map([[file, hide(hideEnvironment(text))]])).trimEnd();
  return new InvalidInputError(`the manifest of the package has ${count}\n${shown}`, {
    hint: `correct ${file}, and make the package anew`,
    details: {
      faults: diagnostics.slice(0, mostDetails).map(({ code, message, span }) => ({
        line: span.line,
        column: span.column,
        code,
        message,
      })),
    },
  });
}
