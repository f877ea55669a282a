/**
 * What a step is, and what it is given. This is the only file that the author of a step must read.
 *
 * @module
 */
import type { ProgressUnit } from "./events/progress_unit.ts";
import type { GenericSchema } from "valibot";
import type { ErrorRecord, SluiceError } from "./errors.ts";
import type { JsonObject } from "./json.ts";
import type { Permissions } from "./permissions/permissions.ts";
import type { SecretRef } from "./schema/types.ts";

/** A valibot schema whose output is `T`. */
export type Schema<T> = GenericSchema<unknown, T>;

/** What a step needs in order to run, and in order to be undone. */
export interface StepPermissions {
  readonly run: Permissions;
  readonly undo?: Permissions;
}

interface Definition<P, L, F> {
  /** `domain.verb`, such as `release.switch`. */
  readonly name: string;
  /** Imperative, at most 60 characters, no full stop. */
  readonly summary: string;
  /** Known when planning; permissions are computed from these and nothing else. */
  readonly params: Schema<P>;
  /** May come from the facts of earlier steps; permissions cannot see these. */
  readonly late?: Schema<L>;
  /** What it found or made: small, typed, JSON. */
  readonly facts: Schema<F>;
  /** A piece of YAML that uses it, shown by `sluice steps NAME`; a test plans it. */
  readonly example: string;
  /** It leaves something alive in `scope` (a lock, a server): run again, first, on resume. */
  readonly holds?: true;
  /**
   * Milliseconds that the end of what it left in `scope` may take, from its parameters; 10 s where it
   * does not say. What takes longer is no longer waited for, and the run fails.
   */
  release_ms?(params: P): number;
  /**
   * Milliseconds that all attempts of its work may take, from its parameters, where an author is to
   * give that as a value. A `timeout` in the pipeline that is shorter comes first.
   */
  deadline_ms?(params: P): number;
  /** Pure: the same parameters give the same set, and nothing is read or asked. */
  permissions(params: P): StepPermissions;
  /** A precondition. Every step's runs before the first effect of the run; it has none itself. */
  check?(params: P, ctx: StepContext): Promise<void>;
  /**
   * Does the work and returns only after it has verified its own result. Settles within a second
   * of `ctx.signal`, leaving no partial artifact. Running it twice gives the same facts.
   */
  run(input: P & L, ctx: StepContext): Promise<F>;
}

/** How a step changes the world, and so what undo and resume may do with it. */
export type Effect = "none" | "reversible" | "irreversible";

export type Step<P, L, F> =
  & Definition<P, L, F>
  & (
    | { readonly effect: "none" }
    | {
      readonly effect: "reversible";
      /**
       * Takes the effect back. Idempotent, and right after a failure at any point of `run`: `facts`
       * is absent when `run` did not end. What undo needs and `run` found out, `run` leaves on disk.
       */
      undo(input: P & L, facts: F | undefined, ctx: StepContext): Promise<void>;
    }
    | { readonly effect: "irreversible" }
  );

/** A step of any types, as the registry holds it. */
// deno-lint-ignore no-explicit-any
export type AnyStep = Step<any, any, any>;

/**
 * Gives a step its types; returns it as it is. Registration is an import in `steps/registry.ts`.
 *
 * @example
 * ```ts
 * import * as v from "valibot";
 * import { defineStep } from "./step.ts";
 * import { none } from "./permissions/permissions.ts";
 *
 * export const echo = defineStep({
 *   name: "demo.echo",
 *   summary: "Give back a text",
 *   effect: "none",
 *   params: v.strictObject({ text: v.string() }),
 *   facts: v.strictObject({ text: v.string() }),
 *   example: "uses: demo.echo\nwith: { text: hello }",
 *   permissions: () => ({ run: none }),
 *   run: ({ text }) => Promise.resolve({ text }),
 * });
 * ```
 */
export function defineStep<P, L, F>(step: Step<P, L, F>): Step<P, L, F> {
  return step;
}

/** Time as the engine sees it; tests give their own. */
export interface Clock {
  /** The wall clock. */
  now(): Date;
  /** Milliseconds since some fixed moment; never goes back. */
  monotonic(): number;
  /** Settles after `ms` milliseconds; rejects with the signal's reason when aborted before. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface ExecRequest {
  /** As declared in the step's permissions: a bare name or an absolute path. */
  readonly program: string;
  /** Never a shell's line: each element is one argument. */
  readonly args: readonly string[];
  /** The whole environment of the program; nothing is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Written to its standard input, which is closed after it; nothing by default. */
  readonly stdin?: string | Uint8Array;
  /** Most bytes kept of each output stream (the rest is counted and dropped); default 1 MiB. */
  readonly maxOutput?: number;
  /** Whether its output lines are also shown as they come; default false. */
  readonly show?: boolean;
  /** Of a module that Deno runs: what it is granted, out of what was declared; default nothing. */
  readonly deno?: Permissions;
}

export interface ExecResult {
  /** Exit code; 128 + n when signal n ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that goes on after the step that started it, until the run ends what is in `scope`. */
export interface Program {
  /** Settles with its end, whoever brought it about; never rejects. */
  readonly ended: Promise<ExecResult>;
  /** Ends it: SIGTERM, after a second SIGKILL. */
  stop(): void;
}

/** What a step says while it works. Secrets are masked before anything leaves the process. */
export interface StepEmitter {
  /** One line for people and for `notes` of the token; a warning where something is wrong. */
  note(text: string, severity?: "warning"): void;
  /** How far it is. `total` is left out where nobody knows. Throttled by the engine. */
  progress(
    progress: { done: number; total?: number; unit: ProgressUnit; label?: string },
  ): void;
  /** Names a file that exists and that the step made; goes into the token. */
  artifact(path: string): void;
  /** A line that something printed for which the step stands: shown, and never read as anything. */
  output(line: { program: string; stream: "stdout" | "stderr"; text: string }): void;
}

/** How the run stands, for steps under `finally` and for undo. */
export interface RunFacts {
  readonly id: string;
  /**
   * The process to name to people who look for this run: the launcher's, where there is one. The id
   * that this process has itself may mean nothing outside of its box.
   */
  readonly pid: number;
  /** Whether it was begun before and is gone on with: what steps before this one did is there. */
  readonly resumed: boolean;
  /** Why the run is being undone or has failed; absent while nothing failed. */
  readonly failure?: { readonly step: string; readonly error: ErrorRecord };
  /**
   * Aborts when the end of the run is asked for, also while it ends by itself: a step under `finally`
   * that only waits need not be told twice.
   */
  readonly asked: AbortSignal;
  /**
   * Calls a listener when all steps of a pipeline with `stay` have ended: from then on to be told to end
   * is to end well. Never called in another pipeline.
   */
  whenUp(listener: () => void): void;
  /** The steps that this process has done, in the order of their ends, with seconds. */
  readonly done: readonly { readonly step: string; readonly elapsed_s: number }[];
}

export interface StepContext {
  /** Id of the step in this pipeline, such as `P5-3`. */
  readonly id: string;
  readonly run: RunFacts;
  /** Aborts on cancel and on the step's deadline; its reason is the error to throw. */
  readonly signal: AbortSignal;
  /** Of the run: disposed, in reverse order, after undo and `finally`. */
  readonly scope: AsyncDisposableStack;
  readonly emit: StepEmitter;
  readonly clock: Clock;
  /** A number in [0, 1). */
  random(): number;
  /**
   * Starts a declared program and waits for its end. A code other than 0 is a result, not an error.
   * The signal kills it (SIGTERM, after a second SIGKILL) and the promise settles after its end.
   *
   * @throws RefusedError when the program or the shape of its arguments was not declared
   */
  exec(request: ExecRequest): Promise<ExecResult>;
  /**
   * Starts a declared program that the step leaves alive: it is put into `scope`,
   * whose end stops it. Whoever holds it may start another in its place after the step has ended.
   *
   * @throws RefusedError when the program or the shape of its arguments was not declared
   * @throws FailedError when it cannot be started
   */
  start(request: ExecRequest): Promise<Program>;
  /**
   * Fails the run, now or long after the step has ended: something that the step left alive is gone
   * for good. The first failure decides.
   */
  lost(error: SluiceError): void;
  /** Opens a file that the engine closes when the step ends. */
  open(path: string, options?: Deno.OpenOptions): Promise<Deno.FsFile>;
  /** The value behind a reference; masked from now on in everything that leaves the process. */
  secret(ref: SecretRef): Promise<string>;
  /** Masks a text from now on in the same way: a secret that came over the network, say. */
  mask(value: string): void;
  /** A folder of this step's own, made at the first call, removed after the run. */
  scratch(): Promise<string>;
  /** A folder that is kept with the run, for artifacts; made at the first call. */
  artifacts(): Promise<string>;
}

/** Facts as the engine carries them. */
export type Facts = JsonObject;
