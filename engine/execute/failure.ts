import {
  BugError,
  type ErrorRecord,
  exitCode,
  FailedError,
  InterruptedError,
  RefusedError,
  SluiceError,
  withoutAdvice,
} from "../errors.ts";
import type { Masker } from "../events/masker.ts";

/** The failure of a step, as events and the journal carry it. */
export interface Failure {
  readonly step: string;
  readonly error: ErrorRecord;
}

/**
 * Gives whatever was thrown the class that a caller can act on: a refusal of Deno's sandbox becomes
 * {@linkcode RefusedError} and names the permission, an error of the operating system
 * {@linkcode FailedError}, anything else that is none of ours {@linkcode BugError}.
 *
 * @param where who threw it, such as `P5-3`; begins the message of what was not meant for people
 */
export function asSluiceError(error: unknown, where: string): SluiceError {
  if (error instanceof SluiceError) return error;
  // Something went wrong, then clearing up did: the first tells what to do.
  if (error instanceof SuppressedError) return asSluiceError(error.suppressed, where);
  if (error instanceof Deno.errors.NotCapable) return refusal(error, where);
  if (isSystemError(error)) {
    return new FailedError(`${where}: ${error.message}`, { cause: error });
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new BugError(`${where} ended with an unexpected ${text}`, {
    cause: error,
    hint: "this is a fault of the step's code: please report it",
  });
}

/** Deno says: `Requires read access to "/etc/passwd", run again with the --allow-read flag`. */
function refusal(error: Deno.errors.NotCapable, where: string): RefusedError {
  const [, permission, value] = /^Requires (\S+) access(?: to (.+?))?,/.exec(error.message) ?? [];
  const missing = permission === undefined
    ? error.message
    : `${permission} access${value === undefined ? "" : ` to ${value}`}`;
  return new RefusedError(`the sandbox refused ${where}: ${missing}`, {
    cause: error,
    hint: "the step uses a permission that it does not declare",
    ...(permission === undefined ? {} : {
      details: { permission, ...(value === undefined ? {} : { value: value.replaceAll('"', "") }) },
    }),
  });
}

const systemErrors = Object.values(Deno.errors);

function isSystemError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (systemErrors.some((kind) => error instanceof kind)) return true;
  const { code } = error as { code?: unknown };
  return typeof code === "string" && /^E[A-Z0-9]+$/.test(code);
}

/** The reason of an aborted signal as an error of ours. */
export function asInterruption(reason: unknown): SluiceError {
  if (reason instanceof SluiceError) return reason;
  return new InterruptedError("the run was interrupted", { cause: reason });
}

/**
 * What of an error is written down and told to other steps: without secrets, and without Deno's advice
 * to whom it refuses.
 */
export function errorRecord(error: SluiceError, masker: Masker): ErrorRecord {
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error && causes.length < 10; cause = cause.cause) {
    causes.push(withoutAdvice(cause.message));
  }
  const { name, exit, retryable, message, hint, details, artifact } = error;
  const texts = masker.maskJson({
    message: withoutAdvice(message),
    ...(hint === undefined ? {} : { hint: withoutAdvice(hint) }),
    ...(Object.keys(details).length === 0 ? {} : { details }),
    ...(artifact === undefined ? {} : { artifact }),
    ...(causes.length === 0 ? {} : { causes }),
  });
  return { name, exit, retryable, ...texts };
}

/** Whether an error says that its work did not end when it was told to. */
export function isUnsettled(error: ErrorRecord): boolean {
  return error.exit === exitCode.bug && error.details?.unsettled === true;
}
