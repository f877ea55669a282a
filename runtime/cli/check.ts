import type { Diagnostic } from "../../engine/diagnostic.ts";
import { orderDiagnostics } from "../../engine/document/order_diagnostics.ts";
import { renderDiagnostics } from "../../engine/document/render.ts";
import {
  type ExitCode,
  exitCode,
  FailedError,
  InvalidInputError,
  type SluiceError,
} from "../../engine/errors.ts";
import type { Registry } from "../../engine/registry.ts";
import { hasErrors, loadPipeline } from "./load_pipeline.ts";
import type { Asked, Place } from "./port.ts";
import { resolvePath } from "../launch/resolve_path.ts";
import { shownName } from "./shown_name.ts";

/** `sluice check FILE...`: every fault of every file; 2 when there is one, else 0. */
export async function check(
  { files, format, param, params }: Asked<"check">,
  place: Place,
  registry: Registry,
): Promise<ExitCode> {
  const { context, port } = place;
  const given = param.length === 0 && params === undefined ? undefined : { param, params };
  const diagnostics: Diagnostic[] = [];
  const texts = new Map<string, string>();
  for (const file of new Set(files)) {
    try {
      const loaded = await loadPipeline(file, given, place, registry);
      diagnostics.push(...loaded.diagnostics);
      for (const [name, text] of loaded.texts) texts.set(name, text);
    } catch (error) {
      const isOfFile = error instanceof InvalidInputError || error instanceof FailedError;
      if (!isOfFile) throw error;
      diagnostics.push(unreadable(shownName(resolvePath(context.cwd, file), context.cwd), error));
    }
  }
  const options = { color: context.color, width: context.columns };
  // A file may have been read twice: by its name, and because another includes it.
  const text = renderDiagnostics(format, orderDiagnostics(diagnostics), texts, options);
  if (format === "text") port.err(text);
  else port.out(text);
  if (hasErrors(diagnostics)) return exitCode.invalid;
  const count = new Set(files).size;
  const what = diagnostics.length === 0 ? "no faults" : "no errors";
  if (format === "text") port.err(`${count} pipeline${count === 1 ? "" : "s"}, ${what}\n`);
  return exitCode.done;
}

/** One file that cannot be read does not hide the faults of the others. */
function unreadable(file: string, { message, hint, details }: SluiceError): Diagnostic {
  const { line, column } = { line: 1, column: 1, ...details };
  return {
    severity: "error",
    code: "unreadable-file",
    message,
    ...(hint === undefined ? {} : { hint }),
    span: { file, line, column, endLine: line, endColumn: column },
  };
}
