/**
 * What the launcher and its children say to each other, one JSON value a line.
 *
 * The planner gets its arguments as arguments and may ask for variables by name. The runner gets a
 * {@linkcode RunRequest} on its standard input, which stays open: its end means abort. The runner's
 * lines on standard output each begin with a newline; whatever else stands there is output.
 *
 * @module
 */
import type { Event } from "../../engine/events/event.ts";
import type { JsonObject } from "../../engine/json.ts";
import type { Permissions, ProgramGrant } from "../../engine/permissions/permissions.ts";
import type { Plan } from "../../engine/plan/plan.ts";

/** From the planner, on its standard output. */
export type PlannerMessage =
  /** Asks for variables of the environment; answered by {@linkcode PlannerReply}. */
  | { readonly type: "want-env"; readonly names: readonly string[] }
  /** Text for the user's standard output. */
  | { readonly type: "output"; readonly text: string }
  /** The last message where something is to be run: start a runner for this. */
  | { readonly type: "launch"; readonly request: LaunchRequest };

/** To the planner, on its standard input. */
export interface PlannerReply {
  readonly type: "env";
  /** Only the names that are set. */
  readonly values: Readonly<Record<string, string>>;
}

export interface LaunchRequest {
  readonly mode: RunMode;
  readonly plan: Plan;
  /** The unreduced union over the plan and the engine's own needs. */
  readonly permissions: Permissions;
  /** `sha256:…` of the normalised set: what `--accept` names. */
  readonly set: string;
  /** Absolute path of the pipeline's file; absent for a plan that came as JSON. */
  readonly file?: string;
  readonly run: { readonly id: string; readonly folder: string };
  readonly tokens: "line" | "json";
  readonly events: "text" | "json";
  readonly accept?: string;
}

export type RunMode =
  | { readonly kind: "run" }
  /** `again`: irreversible steps that were interrupted may run again. */
  | { readonly kind: "resume"; readonly again: boolean }
  | { readonly kind: "undo" };

/** The first line to the runner. */
export interface RunRequest {
  /** Random; the runner repeats it in every line, so that no step can write one. */
  readonly nonce: string;
  readonly mode: RunMode;
  readonly plan: Plan;
  readonly permissions: Permissions;
  readonly run: { readonly id: string; readonly folder: string };
  /** Where each program of the set was found. */
  readonly programs: Readonly<Record<string, string>>;
}

/** Further lines to the runner. */
export type RunnerCommand =
  /** Stop what runs, then undo: the user pressed Ctrl-C or the parent asked for the end. */
  | { readonly type: "abort"; readonly reason: string }
  | { readonly type: "brokered"; readonly id: number; readonly result: BrokeredResult };

export type BrokeredResult =
  | { readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly refused: string };

/** A line of the runner. `seq` counts from 1 without a gap. */
export interface RunnerLine {
  readonly sluice: string;
  readonly seq: number;
  readonly message: RunnerMessage;
}

export type RunnerMessage =
  | { readonly type: "event"; readonly event: Event }
  /** Asks the launcher to start a program that the runner itself may not. */
  | {
    readonly type: "broker";
    readonly id: number;
    readonly grant: ProgramGrant;
    readonly program: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly cwd?: string;
  };

/** `permissions.lock.json`, as far as running needs it. */
export interface Lock {
  readonly schemaVersion: 1;
  /** What a pipeline of no surface may be given without `--accept`. */
  readonly ad_hoc: { readonly ceiling: Permissions };
  readonly surfaces: Readonly<Record<string, OpenSurface>>;
}

export interface OpenSurface {
  readonly kind: "open";
  /** Paths of its pipelines, relative to the project. */
  readonly pipelines: readonly string[];
  readonly ceiling: Permissions;
  readonly note?: string;
}

/** Facts of a brokered program, recorded in `spawned.jsonl` beside those the runner started. */
export type SpawnRecord = {
  readonly time: string;
  readonly step: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly code: number;
  readonly brokered: boolean;
} & JsonObject;
