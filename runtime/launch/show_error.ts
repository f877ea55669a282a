import { type ExitCode, exitCode, SluiceError } from "../../engine/errors.ts";
import { plainLines } from "../sinks/plain_text.ts";

/** An error as people read it, and the exit code that it deserves. */
export interface ShownError {
  readonly text: string;
  readonly exit: ExitCode;
}

/** What the machine is short of, by the kernel's code for it, and what to do. */
const shortages: Readonly<Record<string, string>> = {
  EMFILE: "it may have no more files open: raise the limit (ulimit -n)",
  ENFILE: "the machine may have no more files open",
  EAGAIN: "it may start no more processes: raise the limit (ulimit -u)",
  ENOMEM: "memory is short",
};

/**
 * Shows an error: what failed and what to do. An error that is not ours is a bug of ours, unless the
 * machine is short of something; its stack is shown only where it was asked for.
 */
export function showError(error: unknown, debug: boolean): ShownError {
  const { code } = (error ?? {}) as { code?: unknown };
  const shortage = typeof code === "string" ? shortages[code] : undefined;
  if (shortage !== undefined && error instanceof Error && !(error instanceof SluiceError)) {
    return { text: showFault(error.message, shortage), exit: exitCode.failed };
  }
  // Deno shows the value, and it may be a secret.
  if (error instanceof Deno.errors.InvalidData && /^environment variable/.test(error.message)) {
    const message = "a variable of the environment holds no UTF-8 text";
    return { text: showFault(message, "look for it with env"), exit: exitCode.invalid };
  }
  const known = error instanceof SluiceError;
  const bug = !known || error.exit === exitCode.bug;
  const said = known
    ? error.message
    : error instanceof Error
    ? `${error.name}: ${error.message}`
    : String(error);
  const hint = known ? error.hint : undefined;
  const stack = debug && error instanceof Error ? error.stack : undefined;
  const more = bug && !debug ? "run it again with --debug for the stack, and report it" : undefined;
  return {
    text: showFault(bug ? `bug: ${said}` : said, hint ?? more) +
      (stack === undefined ? "" : `${plainLines(stack).join("\n")}\n`),
    exit: known ? error.exit : exitCode.bug,
  };
}

/** A message with a hint below it. */
export function showFault(message: string, hint?: string): string {
  const text = `sluice: ${message}\n` + (hint === undefined ? "" : `  help: ${hint}`);
  return `${plainLines(text).join("\n")}\n`;
}
