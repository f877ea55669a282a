import { printable } from "../../engine/document/printable.ts";
import {
  DiagnosticsError,
  type ExitCode,
  exitCode,
  FailedError,
  RefusedError,
  SluiceError,
  withoutAdvice,
} from "../../engine/errors.ts";
import { renderDiagnostics } from "../../engine/document/render.ts";

/** What is shown for an error that ended a command, and the exit code it deserves. */
export interface ErrorReport {
  readonly text: string;
  readonly exit: ExitCode;
}

/**
 * The one place where an error becomes text: what failed, a hint, what caused it. An error that is
 * not ours is a bug of ours: one line that says so, with the stack only where `debug` asks for it.
 */
export function reportError(raised: unknown, debug: boolean): ErrorReport {
  const error = fromSystem(raised);
  const isBug = !(error instanceof SluiceError) || error.exit === exitCode.bug;
  const stack = debug && error instanceof Error ? `${error.stack}\n` : "";
  if (error instanceof DiagnosticsError) {
    const text = renderDiagnostics("text", error.diagnostics, new Map());
    return { text: text + stack, exit: error.exit };
  }
  if (!isBug) {
    const hint = error.hint === undefined ? "" : `  help: ${printable(error.hint)}\n`;
    const text = `sluice: ${printable(error.message)}${causes(error)}\n${hint}${stack}`;
    return { text, exit: error.exit };
  }
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const text = `sluice: bug: ${printable(what.split("\n")[0]!)}` +
    (debug ? "" : "; run it again with --debug for the stack, and report it") + "\n";
  return { text: text + stack, exit: exitCode.bug };
}

/** What the system or the sandbox refuses is no bug, wherever it comes to light. */
function fromSystem(error: unknown): unknown {
  if (error instanceof Deno.errors.NotCapable) {
    // Deno's own advice would be to give up the sandbox.
    const missing = withoutAdvice(error.message);
    return new RefusedError(`the sandbox refused it: ${missing}`);
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return new FailedError("the system refused it", { cause: error });
  }
  return error;
}

function causes(error: Error): string {
  let text = "";
  for (let { cause } = error; cause instanceof Error; { cause } = cause) {
    const said = withoutAdvice(cause.message);
    if (!error.message.includes(said)) text += `: ${printable(said)}`;
  }
  return text;
}
