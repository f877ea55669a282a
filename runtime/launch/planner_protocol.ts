/**
 * What the launcher and the planner say to each other, one JSON value a line. The launcher hands the
 * plan on without reading it; the planner names its type: `LaunchRequest<Plan>`.
 *
 * The planner gets its arguments as arguments and may ask for variables by name.
 *
 * @module
 */
import type { TokenForm } from "../../engine/events/token_form.ts";
import type { RunBox } from "../../engine/permissions/box/run_box.ts";
import type { ForeignSets } from "../../engine/permissions/foreign_sets.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import type { DeployRequest } from "./compile/deploy_request.ts";
import type { FoundProgram } from "./find_programs.ts";
import type { ForeignQuestion, ForeignSource } from "./foreign_messages.ts";
import type { Judgement } from "./judge.ts";
import type { RunMode } from "./run_mode.ts";
import type { SignatureReport } from "./signed/signature_report.ts";

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
