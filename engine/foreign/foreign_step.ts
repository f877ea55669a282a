/**
 * What the author of a step outside the registry writes: one file whose default export is a
 * {@linkcode ForeignStep}. It is described, judged and run in a process of its own, so all that
 * crosses is JSON, and its schemas are JSON Schema.
 *
 * @module
 */
import type { Json, JsonObject } from "../json.ts";
import type { Permissions, ProgramBox, ProgramGrant } from "../permissions/permissions.ts";
import type { JsonSchema } from "../schema/json_schema.ts";
import type { SecretRef } from "../schema/types.ts";
import type { Effect, ExecRequest, ExecResult, StepEmitter } from "../step.ts";

/** A set as an author writes it: what is left out is empty. */
export type ForeignPermissions = Partial<Omit<Permissions, "run">> & {
  readonly run?: readonly ForeignProgram[];
};

/**
 * A program that a step of others has started for it: always by the launcher, always in a box of its
 * own. The box that is left out holds what the step itself may read and write.
 */
export type ForeignProgram =
  & Pick<ProgramGrant, "program">
  & Partial<Pick<ProgramGrant, "args" | "env">>
  & { readonly box?: Partial<ProgramBox> };

/** What a step of others is given while it works. */
export interface ForeignContext {
  /** Id of the step in its pipeline, such as `P5-3`. */
  readonly id: string;
  /** Its run; `failed` is the id of the step that failed, once one has. */
  readonly run: { readonly id: string; readonly failed?: string };
  /**
   * Aborts on cancel and on the step's deadline. The process is killed a moment later, whatever it
   * is doing: see `graceMs` in `limits.ts`.
   */
  readonly signal: AbortSignal;
  /** What it holds; disposed at the end of its process: for a step that `holds`, after the run. */
  readonly scope: AsyncDisposableStack;
  /** What it prints by itself is shown as its output. */
  readonly emit: Omit<StepEmitter, "output">;
  /**
   * Has a declared program started, in a box of its own. A code other than 0 is a result, not an
   * error. Standard input is empty.
   */
  exec(request: Omit<ExecRequest, "stdin">): Promise<ExecResult>;
  /** The value behind a reference that the step's own `env` or `read` reaches. */
  secret(ref: SecretRef | string): Promise<string>;
  /** A folder of this step's own, removed after the run. */
  scratch(): Promise<string>;
  /** A folder of this step's own that is kept with the run, for artifacts. */
  artifacts(): Promise<string>;
}

/**
 * A step that comes as one file: `uses: ./my_step.ts`. The file imports nothing but types and
 * `node:` built-ins; one that needs more is bundled first (`deno bundle`).
 *
 * `P` are the parameters, `F` the facts, `L` what may come from earlier steps. Schemas are JSON
 * Schema in the words that `engine/foreign/read_schema.ts` knows; unknown keys are refused where
 * `additionalProperties` does not say otherwise, and `sluice: "path"` (or `url`, `duration`, `size`,
 * `secret`) lets authors of pipelines write values as they do everywhere.
 *
 * @example
 * ```ts
 * import type { ForeignStep } from "./foreign_step.ts";
 * import assert from "node:assert/strict";
 *
 * const file = { type: "string", sluice: "path" } as const;
 * // In a file of its own: `export default` instead of `const step =`.
 * const step = {
 *   summary: "Count the lines of a file",
 *   effect: "none",
 *   params: { type: "object", properties: { file }, required: ["file"] },
 *   facts: { type: "object", properties: { lines: { type: "integer" } }, required: ["lines"] },
 *   permissions: ({ file }) => ({ run: { read: [file] } }),
 *   async run({ file }) {
 *     return { lines: (await Deno.readTextFile(file)).split("\n").length - 1 };
 *   },
 * } satisfies ForeignStep<{ file: string }, { lines: number }>;
 * assert.deepEqual(step.permissions({ file: "/srv/a" }), { run: { read: ["/srv/a"] } });
 * ```
 */
export interface ForeignStep<
  P = JsonObject,
  F = Readonly<Record<string, Json>>,
  L = Record<never, never>,
> {
  /** Imperative, at most 60 characters, no full stop. */
  readonly summary: string;
  /** `undo` is there exactly where this is `reversible`. */
  readonly effect: Effect;
  /** It leaves something alive in `scope`: its process lives until the run ends. */
  readonly holds?: true;
  /** Known when planning; permissions are computed from these and nothing else. */
  readonly params: JsonSchema;
  /** May come from the facts of earlier steps. */
  readonly late?: JsonSchema;
  /** What it found or made: small. */
  readonly facts: JsonSchema;
  /** A piece of YAML that uses it, for `sluice steps ./my_step.ts`. */
  readonly example?: string;
  /** Pure. An error that it throws is shown at the step, and is a fault of the pipeline. */
  permissions(params: P): { readonly run: ForeignPermissions; readonly undo?: ForeignPermissions };
  /** A precondition; has no effect. */
  check?(params: P, ctx: ForeignContext): Promise<void> | void;
  /** Does the work, and returns only after it has verified its own result. */
  run(input: P & L, ctx: ForeignContext): Promise<F> | F;
  /** Takes the effect back; idempotent, and right after a failure at any point of `run`. */
  undo?(input: P & L, facts: F | undefined, ctx: ForeignContext): Promise<void> | void;
}
