/**
 * What the launcher and its children say to each other, one JSON value a line. The launcher hands the
 * plan on without reading it; planner and runner name its type: `LaunchRequest<Plan>`.
 *
 * The planner gets its arguments as arguments and may ask for variables by name. The runner gets a
 * {@linkcode RunRequest} on its standard input, which stays open: its end means abort. The runner's
 * lines on standard output each begin with a newline; whatever else stands there is output.
 *
 * @module
 */
import type { TokenForm } from "../../engine/events/token_form.ts";
import type { ExitCode } from "../../engine/errors.ts";
import type { Event } from "../../engine/events/event.ts";
import type { RunBox } from "../../engine/permissions/box/run_box.ts";
import type { ForeignSets } from "../../engine/permissions/foreign_sets.ts";
import type { ForeignEnd } from "./foreign_end.ts";
import type { ForeignQuestion, ForeignSource } from "./foreign_messages.ts";
import type { Permissions, ProgramGrant } from "../../engine/permissions/permissions.ts";
import type { DeployRequest } from "./compile/deploy_request.ts";
import type { FoundProgram } from "./find_programs.ts";
import type { Judgement } from "./judge.ts";
import type { SignatureReport } from "./signed/signature_report.ts";

export type {
  FixedSurface,
  Lock,
  OpenSurface,
  Surface,
} from "../../engine/permissions/lock/lock.ts";

/** The planner's first argument is this text followed by a {@linkcode PlannerContext} as JSON. */
export const plannerContextFlag = "--sluice-context=";

/** What the planner is told about the place where it was asked for something. */
export interface PlannerContext {
  /** Where the user stands: relative arguments are resolved against it. Absolute. */
  readonly cwd: string;
  /** Where Sluice lies. Absolute. */
  readonly project: string;
  /** Where runs are kept: `--runs DIR`, or `.sluice/runs` where the user stands. Absolute. */
  readonly runs: string;
  /** For temporary files. Absolute. */
  readonly tmp: string;
  /** The program that runs Sluice. Absolute. */
  readonly deno: string;
  /** Whether text for standard output may hold colours. */
  readonly color: boolean;
  /** Width of the user's terminal; 80 where there is none. */
  readonly columns: number;
  /** Bytes of a {@linkcode Handed} as JSON, which stands on standard input before all else. */
  readonly handed?: number;
  /** For `sign`: the pipelines that are to be signed. Absolute. */
  readonly pipelines?: readonly string[];
}

/** What a planner is given that may not read the folder of a pipeline itself. */
export interface Handed {
  /** Texts by their absolute paths, as they were signed: the only pipelines that there are. */
  readonly texts: Readonly<Record<string, string>>;
  /** What became of the verification: sound, but for `verify`, which tells it. */
  readonly report: SignatureReport;
}

/** A pipeline that was found to be sound, and what it is made from. */
export interface SignablePipeline {
  /** Absolute path. */
  readonly file: string;
  /** Digests of the texts that were judged, by their paths from the pipeline's folder. */
  readonly files: Readonly<Record<string, string>>;
  /** Digests of the files of steps of others, in the same way. */
  readonly steps: Readonly<Record<string, string>>;
}

/** From the planner, on its standard output. Each question is answered by a {@linkcode PlannerReply}. */
export type PlannerMessage =
  /** Asks for variables of the environment. */
  | { readonly type: "want-env"; readonly names: readonly string[] }
  /** Asks where programs with bare names are. */
  | { readonly type: "want-programs"; readonly names: readonly string[] }
  /** Asks whether the lock would let a set pass. */
  | { readonly type: "want-judgement"; readonly asked: AskedSet }
  /** Asks what would hold a process with this set, here and now. */
  | { readonly type: "want-box"; readonly permissions: Permissions }
  /** Asks for the user's standard input: from here on that is all that arrives, until its end. */
  | { readonly type: "want-stdin" }
  /** Text for the user's standard output. */
  | { readonly type: "output"; readonly text: string }
  /** Asks code of others something, in a process without any permission. */
  | {
    readonly type: "ask-foreign";
    /** As people call its file. */
    readonly name: string;
    readonly source: string;
    readonly question: ForeignQuestion;
  }
  /** The last message where something is to be run: start a runner for this. */
  | { readonly type: "launch"; readonly request: LaunchRequest }
  /** The last message of `sign`. */
  | { readonly type: "sign"; readonly pipelines: readonly SignablePipeline[] }
  /** The last message where something is to be made for a machine, or taken away. */
  | { readonly type: "deploy"; readonly request: DeployRequest };

/** To the planner, on its standard input. */
export type PlannerReply =
  /** Only the names that are set; and the names, no values, of others that look much like these. */
  | {
    readonly type: "env";
    readonly values: Readonly<Record<string, string>>;
    readonly alike: readonly string[];
  }
  /** Only the programs that are installed. */
  | { readonly type: "programs"; readonly found: Readonly<Record<string, FoundProgram>> }
  /** What the code answered, as it came. */
  | { readonly type: "foreign"; readonly answer: unknown }
  /** Why there is no answer, and what its author can do. */
  | { readonly type: "foreign"; readonly fault: string; readonly hint?: string }
  | { readonly type: "box"; readonly box: RunBox }
  /** Without `judgement` where there is no lock. */
  | { readonly type: "judgement"; readonly judgement?: Judgement };

/** What the lock is asked about. */
export interface AskedSet {
  /** Of all processes together. */
  readonly permissions: Permissions;
  /** Its name, where it is to be told what accepting it would say. */
  readonly set?: string;
  /** The code of steps of others: a ceiling says what may be touched, never whose code may. */
  readonly code?: readonly { readonly name: string; readonly digest: string }[];
  /** Absolute path of the pipeline's file; absent for a plan that came as JSON. */
  readonly file?: string;
  /** The surface that was named on the command line. */
  readonly surface?: string;
  /** Whether it is for a run that began before: of a fixed surface, perhaps, that is not named again. */
  readonly begun?: boolean;
}

export interface LaunchRequest<Plan = unknown> {
  readonly mode: RunMode;
  readonly plan: Plan;
  /** The unreduced union over the plan and the engine's own needs. */
  readonly permissions: Permissions;
  /**
   * The name of the set: `digestOf(derive(plan, { run: runFolderWord }))`, the set with the run's
   * folder spelled `${run}`, so that it is the same for every run. The launcher computes it again.
   */
  readonly set: string;
  /** Absolute path of the pipeline's file; absent for a plan that came as JSON. */
  readonly file?: string;
  /** As `--surface` named it. The launcher compares it with its own arguments. */
  readonly surface?: string;
  readonly run: { readonly id: string; readonly folder: string };
  readonly tokens: TokenForm;
  readonly events: "text" | "json";
  readonly accept?: string;
  /** Steps of others, where there are any: nothing of theirs is in `permissions`. */
  readonly foreign?: ForeignRequest;
}

/** What the launcher has to know in order to start the processes of steps of others. */
export interface ForeignRequest {
  /** The code by its digest. */
  readonly code: Readonly<Record<string, ForeignSource>>;
  readonly steps: ForeignSets;
}

export type RunMode =
  | { readonly kind: "run" }
  /** `again`: irreversible steps that were interrupted may run again. */
  | { readonly kind: "resume"; readonly again: boolean }
  | { readonly kind: "undo" };

/** The first line to the runner. */
export interface RunRequest<Plan = unknown> {
  /** Random; the runner repeats it in every line, so that no step can write one. */
  readonly nonce: string;
  readonly mode: RunMode;
  readonly plan: Plan;
  readonly permissions: Permissions;
  readonly run: { readonly id: string; readonly folder: string };
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
