/**
 * A pipeline as its author wrote it: every value with its place, nothing looked up yet. Made by
 * `parseDocument` (text → Document), consumed by `resolve` (Document → Plan).
 *
 * @module
 */
import type { Span } from "../diagnostic.ts";

/** A value of the text with its place. */
export type Node =
  | {
    readonly kind: "scalar";
    readonly value: null | boolean | number | string;
    readonly span: Span;
  }
  | { readonly kind: "list"; readonly items: readonly Node[]; readonly span: Span }
  | { readonly kind: "map"; readonly entries: readonly Entry[]; readonly span: Span };

/** One `key: value` of a mapping, in the order of the text. */
export interface Entry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: Node;
}

/** A value that has been read from the text, with its place. */
export interface Placed<T> {
  readonly value: T;
  readonly span: Span;
}

export const parameterTypes = [
  "string",
  "path",
  "url",
  "integer",
  "number",
  "boolean",
  "duration",
  "size",
  "secret",
  "list",
  "map",
] as const;

export type ParameterType = (typeof parameterTypes)[number];

/** What the elements of a `type: list` parameter may be. */
export const itemTypes = [
  "string",
  "path",
  "url",
  "integer",
  "number",
  "boolean",
  "duration",
  "size",
  "map",
] as const;

export type ItemType = (typeof itemTypes)[number];

/** One entry under `params`. */
export interface Parameter {
  readonly name: Placed<string>;
  readonly type: Placed<ParameterType>;
  /** With `type: list`: what its elements are; default `string`. */
  readonly items?: Placed<ItemType>;
  readonly summary?: Placed<string>;
  readonly default?: Node;
  /** Name of the variable that gives it. */
  readonly env?: Placed<string>;
  /** The values it may take. */
  readonly choices?: Placed<readonly Node[]>;
  /** Of a number: the least and the greatest value, both included. */
  readonly minimum?: Placed<number>;
  readonly maximum?: Placed<number>;
  readonly span: Span;
}

export interface RetryPolicy {
  /** All attempts, the first included; at least 1. */
  readonly attempts: number;
  /** Milliseconds before the second attempt; doubles with each. Default 1 s. */
  readonly delay_ms: number;
  /** Longest wait between attempts. Default 30 s. */
  readonly max_delay_ms: number;
  /** Part of the wait that is random, 0 to 1. Default 0.2. */
  readonly jitter: number;
}

/** Stands for a `uses` that is missing; the fault has been reported where the text was read. */
export const missingUses = "";

/** One entry under `steps` or `finally`. */
export interface DocumentStep {
  readonly id: Placed<string>;
  readonly uses: Placed<string>;
  readonly summary?: Placed<string>;
  /** The mapping under `with`; for `uses: pipeline`, that under `params`. */
  readonly with?: Node;
  /** For `uses: pipeline`: the file, relative to this one. */
  readonly file?: Placed<string>;
  readonly needs?: Placed<readonly Placed<string>[]>;
  /** A CEL source, without `${{ }}` around it. */
  readonly when?: Placed<string>;
  readonly retry?: Placed<RetryPolicy>;
  /** Milliseconds. */
  readonly timeout?: Placed<number>;
  readonly on_failure?: Placed<"stop" | "continue">;
  readonly commit?: Placed<boolean>;
  /** A list, or an expression that gives one. */
  readonly for_each?: Node;
  readonly max_parallel?: Placed<number>;
  readonly span: Span;
}

export interface Document {
  readonly file: string;
  /** The whole text, for excerpts. */
  readonly text: string;
  readonly name: Placed<string>;
  readonly summary?: Placed<string>;
  readonly params: readonly Parameter[];
  readonly steps: readonly DocumentStep[];
  readonly finally: readonly DocumentStep[];
  /** `60s ± 10%`: the period in milliseconds and the random part, 0 to 1. */
  readonly every?: Placed<{ readonly period_ms: number; readonly jitter: number }>;
  /** Whether the run stays, with what its steps hold, until it is told to end. */
  readonly stay?: Placed<boolean>;
  readonly span: Span;
}
