/**
 * A resolved pipeline: plain JSON, complete, checked. It can be built by `resolve`, by code, or be
 * shipped (`sluice plan --format json`, `sluice run --plan FILE`).
 *
 * @module
 */
import type { Span } from "../diagnostic.ts";
import type { RetryPolicy } from "../document/document.ts";
import type { ForeignCode } from "../foreign/foreign_code.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Permissions } from "../permissions/permissions.ts";
import type { Effect } from "../step.ts";

/**
 * A value that is not known yet. `path` is a plain reference such as `steps['P5-2'].release` and
 * needs no CEL at run time.
 */
export type Template =
  | { readonly kind: "value"; readonly value: Json }
  | { readonly kind: "path"; readonly path: readonly (string | number)[]; readonly source: string }
  | { readonly kind: "cel"; readonly source: string }
  | { readonly kind: "text"; readonly parts: readonly Template[] }
  | { readonly kind: "list"; readonly items: readonly Template[] }
  | { readonly kind: "map"; readonly entries: Readonly<Record<string, Template>> };

/** What expressions of one pipeline see: the plan's own, or that of an included one. */
export interface Scope {
  /** `""` for the outermost, `"<id>."` for what step `<id>` includes. */
  readonly prefix: string;
  /** The prefix of the scope in which `params` are evaluated; absent for the outermost. */
  readonly parent?: string;
  readonly params: Readonly<Record<string, Template>>;
}

export interface PlannedStep {
  /** Unique over the plan; `<id>.<n>` for an item, `<id>.<inner>` for an included step. */
  readonly id: string;
  /** Name of its definition; of a step of others, its file as the pipeline names it. */
  readonly uses: string;
  /** Digest of its code, in the plan's `foreign`; absent for a step of the registry. */
  readonly foreign?: string;
  readonly summary: string;
  readonly effect: Effect;
  readonly holds: boolean;
  readonly span: Span;
  /** The `prefix` of its {@linkcode Scope}. */
  readonly scope: string;
  /** Known values, as the step's `params` schema gave them out. */
  readonly params: JsonObject;
  /** Values of the step's `late` schema, not yet evaluated. */
  readonly late: Readonly<Record<string, Template>>;
  /** Full ids that must have ended (done, skipped or failed with `continue`) before it starts. */
  readonly needs: readonly string[];
  /** CEL booleans that must all hold, each in its scope; otherwise it is skipped. */
  readonly when: readonly { readonly scope: string; readonly condition: Template }[];
  readonly retry?: RetryPolicy;
  readonly timeout_ms?: number;
  readonly on_failure: "stop" | "continue";
  readonly commit: boolean;
  /** Item of a list that was known when planning. */
  readonly item?: Json;
  /** A list that is known only late: the step runs once an item; expressions see `item`. */
  readonly for_each?: Template;
  /** With `for_each`, or in a {@linkcode Group}: how many items at once. Default 1. */
  readonly max_parallel?: number;
  readonly permissions: { readonly run: Permissions; readonly undo: Permissions };
  /** `sha256:…` over definition name, parameters and templates: what resume compares. */
  readonly digest: string;
}

/** Of a parameter's value, or of the items of its list. */
export type Unit = "duration" | "size";

/** The members that a `for_each` over a known list became; its facts are the list of theirs. */
export interface Group {
  readonly id: string;
  readonly members: readonly string[];
  readonly max_parallel: number;
}

export interface Plan {
  readonly schemaVersion: 1;
  readonly name: string;
  readonly summary?: string;
  /** Path of the pipeline's file, as it was given. */
  readonly file: string;
  /** Values of the parameters; secrets are references. */
  readonly params: JsonObject;
  /** Names of the parameters whose type is `secret`. */
  readonly secrets: readonly string[];
  /** In what the numbers of those parameters count that are no plain ones: milliseconds, bytes. */
  readonly units?: Readonly<Record<string, Unit>>;
  readonly scopes: readonly Scope[];
  readonly groups: readonly Group[];
  /** In an order in which each stands after what it needs. */
  readonly steps: readonly PlannedStep[];
  readonly finally: readonly PlannedStep[];
  /** The code of steps of others by its digest: the plan is whole without their files. */
  readonly foreign?: Readonly<Record<string, ForeignCode>>;
  readonly every?: { readonly period_ms: number; readonly jitter: number };
  /** The run stays up, with what its steps hold, until it is told to end: it then ends `done`. */
  readonly stay?: true;
  /** `sha256:…` of the canonical JSON of all the rest. */
  readonly digest: string;
}

/** By what a step's definition is looked up: its code, where it is one of others, else its name. */
export function definitionKey({ foreign, uses }: Pick<PlannedStep, "foreign" | "uses">): string {
  return foreign ?? uses;
}
