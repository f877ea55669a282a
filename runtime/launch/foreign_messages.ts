/**
 * What the launcher itself says to the process of a step of others, and understands of it. The rest
 * of their language, which passes between that process and the runner, is in `runtime/foreign/`.
 *
 * @module
 */
import type { JsonObject } from "../../engine/json.ts";

/** The code of a step of others. */
export interface ForeignSource {
  /** As people call its file, for messages. */
  readonly name: string;
  /** The file: the very text whose digest was judged. */
  readonly source: string;
}

/** The first line on its standard input. */
export interface ForeignStart extends ForeignSource {
  readonly nonce: string;
}

/** What a process is asked while a pipeline is planned. */
export type ForeignQuestion =
  | { readonly type: "describe" }
  | { readonly type: "permissions"; readonly params: JsonObject };

/** The line that asks. */
export interface ForeignAsk {
  readonly type: "ask";
  readonly number: number;
  readonly question: ForeignQuestion;
}

/** The line that answers. */
export type ForeignAnswer =
  | { readonly type: "answer"; readonly number: number; readonly value: unknown }
  /** It could not. */
  | { readonly type: "fault"; readonly number: number; readonly error: ForeignError };

/** What was thrown. */
export interface ForeignError {
  readonly name: string;
  readonly message: string;
  readonly hint?: string;
  readonly retryable?: true;
}
