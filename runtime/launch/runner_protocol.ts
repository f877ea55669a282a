/**
 * What the launcher and the runner say to each other, one JSON value a line. The launcher hands the
 * plan on without reading it; the runner names its type: `RunRequest<Plan>`.
 *
 * The runner gets a {@linkcode RunRequest} on its standard input, which stays open: its end means
 * abort. Its lines on standard output each begin with a newline; whatever else stands there is output.
 *
 * @module
 */
import type { ExitCode } from "../../engine/errors.ts";
import type { Event } from "../../engine/events/event.ts";
import type { NamedRun } from "../../engine/events/follow_up.ts";
import type { RunBox } from "../../engine/permissions/box/run_box.ts";
import type { Permissions, ProgramGrant } from "../../engine/permissions/permissions.ts";
import type { ForeignEnd } from "./foreign_end.ts";
import type { RunMode } from "./run_mode.ts";

/** The first line to the runner. */
export interface RunRequest<Plan = unknown> {
  /** Random; the runner repeats it in every line, so that no step can write one. */
  readonly nonce: string;
  readonly mode: RunMode;
  readonly plan: Plan;
  readonly permissions: Permissions;
  readonly run: NamedRun & { readonly folder: string };
  /** Where each program of the set that has a bare name was found. */
  readonly programs: Readonly<Record<string, string>>;
  /** What holds the runner below Deno. */
  readonly box: RunBox;
  /** Process id of the launcher. */
  readonly pid: number;
  /** The how manieth process of the run it is, from 1: files of `audit/` begin with it. */
  readonly process: number;
}

/** Further lines to the runner. */
export type RunnerCommand =
  /**
   * Stop what runs, then undo: the user pressed Ctrl-C or the parent asked for the end. Answered
   * with `aborting`. A second one stops undo and `finally` as well, and leaves them to a resume.
   */
  | { readonly type: "abort"; readonly reason: string }
  | { readonly type: "brokered"; readonly id: number; readonly result: BrokeredResult }
  /** Text that a brokered program printed, before its result. */
  | {
    readonly type: "brokered-output";
    readonly id: number;
    readonly stream: "stdout" | "stderr";
    readonly text: string;
  }
  | ForeignNews
  /** The answer to `foreign-exists`. */
  | { readonly type: "foreign-exists"; readonly id: number; readonly exists: boolean };

/** What became of a process of a step of others, by the number that the runner gave it. */
export type ForeignNews =
  /** A line that it wrote: a message where it carries the nonce, else its output. */
  | {
    readonly type: "foreign-line";
    readonly process: number;
    readonly stream: "stdout" | "stderr";
    readonly text: string;
  }
  /** The last of it. `refused`: it was not started. */
  | {
    readonly type: "foreign-end";
    readonly process: number;
    readonly end: ForeignEnd | { readonly refused: string };
  };

/** What the runner wants of the processes of steps of others. */
export type ForeignOrder =
  /** Start one for a step of the plan; what it may do, the launcher knows. */
  | {
    readonly type: "foreign-start";
    /** A new number. */
    readonly process: number;
    /** Id of the planned step. */
    readonly step: string;
    /** The step's, or that of one of its items: names the folders of its own. */
    readonly id: string;
    readonly phase: ForeignPhase;
    readonly nonce: string;
  }
  /** A line for its standard input, which nobody but the process reads. */
  | { readonly type: "foreign-send"; readonly process: number; readonly line: unknown }
  | { readonly type: "foreign-kill"; readonly process: number };

export type ForeignPhase = "check" | "run" | "undo";

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
  /** The run could not begin or go on; no `run.finished` will come. */
  | {
    readonly type: "stopped";
    readonly exit: ExitCode;
    readonly message: string;
    readonly hint?: string;
  }
  /** The answer to `abort`: it was heard. Undo may take long. */
  | { readonly type: "aborting" }
  /** Asks the launcher to start a program that the runner itself may not. */
  | {
    readonly type: "broker";
    readonly id: number;
    /** Id of the step or item that asks. */
    readonly step: string;
    readonly grant: ProgramGrant;
    readonly program: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly cwd?: string;
    /** Most bytes kept of each output stream. */
    readonly max_output: number;
    /** Whether what it prints is wanted as it comes. */
    readonly show: boolean;
    /** Whether it serves for as long as the run goes on: the limits of a script are not for it. */
    readonly stays: boolean;
    /** Of a module: what it is to be granted, out of what the grant names. */
    readonly deno?: Permissions;
  }
  /** Nothing later in the run needs these brokered programs: they are not to be started any more. */
  | { readonly type: "shed"; readonly brokered: readonly ProgramGrant[] }
  | ForeignOrder
  /**
   * Asks whether something is there that a step of others may write and the runner may not read; the
   * step is the id of it or of an item of it.
   */
  | {
    readonly type: "foreign-exists";
    readonly id: number;
    readonly step: string;
    readonly path: string;
  }
  /** The step that asked for a brokered program was stopped: kill it, then answer as ever. */
  | { readonly type: "broker-cancel"; readonly id: number };
