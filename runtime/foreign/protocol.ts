/**
 * What is said to the process of a step of others, and what it says, one JSON value a line. Its lines
 * carry a nonce and a number, as a runner's do; whatever else it prints is its output. The code of
 * the step shares the process, and may say anything in its name: all of this is that step's own
 * claim, and nothing in it is believed of anybody else.
 *
 * @module
 */
import type { ProgressUnit } from "../../engine/events/progress_unit.ts";
import type { Json, JsonObject } from "../../engine/json.ts";
import type { ExecResult } from "../../engine/step.ts";
import type { ForeignAnswer, ForeignAsk, ForeignError } from "../launch/foreign_messages.ts";

/** What a process has to do in a run. */
export type ForeignJob =
  & {
    /** Id of the step or item. */
    readonly id: string;
    readonly run: { readonly id: string; readonly failed?: string };
    /** Parameters, and what came from earlier steps. */
    readonly input: JsonObject;
    /** References to secrets among the input: what they hold is told first, to be masked. */
    readonly secrets: readonly string[];
    /** Folders of its own, where it has them; they exist. */
    readonly folders?: { readonly scratch: string; readonly artifacts: string };
  }
  & (
    | { readonly phase: "check" | "run" }
    | { readonly phase: "undo"; readonly facts?: JsonObject }
  );

/** Every further line on its standard input; the end of it is the end of the process. */
export type ForeignCommand =
  | ForeignAsk
  | { readonly type: "work"; readonly job: ForeignJob }
  | { readonly type: "abort"; readonly reason: string }
  /** The answer to `exec`. */
  | {
    readonly type: "exec";
    readonly number: number;
    readonly result: ExecResult | { readonly error: ForeignError };
  }
  /** The run is over: let go of what is held, and end. */
  | { readonly type: "release" };

/** From the process, on its standard output. */
export type ForeignMessage =
  | ForeignAnswer
  /** A secret that it may read; mask it in all that comes from this process. */
  | { readonly type: "secret"; readonly value: string }
  | { readonly type: "note"; readonly text: string }
  | { readonly type: "progress"; readonly progress: Progress }
  | { readonly type: "artifact"; readonly path: string }
  | {
    readonly type: "exec";
    readonly number: number;
    readonly program: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly cwd?: string;
    readonly max_output?: number;
    readonly show?: boolean;
  }
  | { readonly type: "done"; readonly facts: Json }
  | { readonly type: "failed"; readonly error: ForeignError };

/** How far it is. */
export interface Progress {
  readonly done: number;
  readonly total?: number;
  readonly unit: ProgressUnit;
  readonly label?: string;
}
