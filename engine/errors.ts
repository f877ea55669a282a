import type { Diagnostic } from "./diagnostic.ts";
import type { JsonObject } from "./json.ts";

/** The exit codes of every program of Sluice. Callers must read an unknown code as failure. */
export const exitCode = {
  done: 0,
  differs: 1,
  invalid: 2,
  degraded: 3,
  failed: 4,
  undone: 5,
  notAuthorised: 6,
  refused: 7,
  busy: 10,
  usage: 64,
  bug: 70,
  timedOut: 124,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

export interface ErrorFacts {
  /** What to do about it: one sentence. */
  readonly hint?: string;
  /** Values that a caller may act on; must hold no secret. */
  readonly details?: JsonObject;
  /** Path of a file that explains more, such as a rollback log; it exists. */
  readonly artifact?: string;
  readonly cause?: unknown;
}

/**
 * The root of all errors that Sluice raises on purpose. Anything else that reaches an edge is a bug
 * of ours and exits 70. Messages hold no ANSI and no secret.
 */
export abstract class SluiceError extends Error {
  abstract override readonly name: string;
  /** The exit code that this reason deserves when nothing else decides. */
  abstract readonly exit: ExitCode;
  /** Whether the same attempt may succeed if it is simply made again; `retry` obeys it. */
  readonly retryable: boolean = false;
  readonly hint: string | undefined;
  readonly details: JsonObject;
  readonly artifact: string | undefined;

  constructor(message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.hint = facts.hint;
    this.details = facts.details ?? {};
    this.artifact = facts.artifact;
  }
}

/** Input that cannot be right however often it is tried: YAML, configuration, package. */
export class InvalidInputError extends SluiceError {
  override readonly name = "InvalidInputError";
  override readonly exit = exitCode.invalid;
}

/** A text with faults: every one of them, each with its place. */
export class DiagnosticsError extends SluiceError {
  override readonly name = "DiagnosticsError";
  override readonly exit = exitCode.invalid;
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(`${diagnostics.length} fault${diagnostics.length === 1 ? "" : "s"} found`);
  }
}

/** The work itself failed: a service, a file system, a program. */
export class FailedError extends SluiceError {
  override readonly name = "FailedError";
  override readonly exit = exitCode.failed;
}

/** The work failed in a way that may pass: a connection refused, a server that is busy. */
export class TransientError extends SluiceError {
  override readonly name = "TransientError";
  override readonly exit = exitCode.failed;
  override readonly retryable = true;
}

/** A signature, an approval, a key or a floor says no. */
export class NotAuthorisedError extends SluiceError {
  override readonly name = "NotAuthorisedError";
  override readonly exit = exitCode.notAuthorised;
}

/** The sandbox, the lock or a ceiling says no. */
export class RefusedError extends SluiceError {
  override readonly name = "RefusedError";
  override readonly exit = exitCode.refused;
}

/** Somebody else holds what is needed; the same command may succeed later. */
export class BusyError extends SluiceError {
  override readonly name = "BusyError";
  override readonly exit = exitCode.busy;
  override readonly retryable = true;
}

/** The command line is wrong. */
export class UsageError extends SluiceError {
  override readonly name = "UsageError";
  override readonly exit = exitCode.usage;
}

/** A deadline passed. The work was cancelled and has ended. */
export class TimedOutError extends SluiceError {
  override readonly name = "TimedOutError";
  override readonly exit = exitCode.timedOut;
}

/** A person or a parent process asked for the end. */
export class InterruptedError extends SluiceError {
  override readonly name = "InterruptedError";
  override readonly exit = exitCode.interrupted;
}

/** An assumption of ours did not hold. */
export class BugError extends SluiceError {
  override readonly name = "BugError";
  override readonly exit = exitCode.bug;
}

/** What of an error is written into events, journals and tokens. */
export interface ErrorRecord {
  readonly name: string;
  readonly message: string;
  readonly exit: ExitCode;
  readonly retryable: boolean;
  readonly hint?: string;
  readonly details?: JsonObject;
  readonly artifact?: string;
  /** The messages of the causes, outermost first. */
  readonly causes?: readonly string[];
}

const advice =
  /, (?:run again with the --allow-[a-z-]+(?:=\S+)? flag|specify the required permissions during compilation using `deno compile --allow-[a-z-]+(?:=[^`]*)?`)/g;

/**
 * What Deno says of something that it refused, without its advice, which is to give up the sandbox:
 * Sluice has no such flag.
 *
 * @example
 * ```ts
 * import { withoutAdvice } from "./errors.ts";
 * import assert from "node:assert/strict";
 *
 * const said = 'Requires read access to "/etc", run again with the --allow-read flag';
 * assert.equal(withoutAdvice(said), 'Requires read access to "/etc"');
 * ```
 */
export function withoutAdvice(text: string): string {
  return text.replaceAll(advice, "");
}
