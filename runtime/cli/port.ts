import type { RunBox } from "../../engine/permissions/box/run_box.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import type { Plan } from "../../engine/plan/plan.ts";
import type { Clock } from "../../engine/step.ts";
import type { Command } from "./definition.ts";
import type { DeployRequest } from "../launch/compile/deploy_request.ts";
import type { FoundProgram } from "../launch/find_programs.ts";
import type { ForeignQuestion } from "../launch/foreign_messages.ts";
import type { Judgement } from "../launch/judge.ts";
import type {
  AskedSet,
  LaunchRequest,
  PlannerContext,
  SignablePipeline,
} from "../launch/planner_protocol.ts";
import type { SignatureReport } from "../launch/signed/signature_report.ts";

/** All that a command has of the world, besides the files that it may read. */
export interface Port {
  /** Writes to the user's standard output. */
  out(text: string): void;
  /** Writes for people, to standard error. */
  err(text: string): void;
  /** Variables of the user's environment. */
  env(names: readonly string[]): Promise<Variables>;
  /**
   * Asks code of others something, in a process without any permission; the answer is JSON that
   * nobody has looked at.
   *
   * @param name as people call its file
   * @throws ForeignFault when it does not answer
   */
  askForeign(name: string, source: string, question: ForeignQuestion): Promise<unknown>;
  /** The whole of the user's standard input. Nothing can be asked of `env` afterwards. */
  stdin(): Promise<string>;
  /** Where those programs with bare names are that are installed. */
  programs(names: readonly string[]): Promise<Readonly<Record<string, FoundProgram>>>;
  /** What the lock says of a set; `undefined` where there is no lock. */
  judge(asked: AskedSet): Promise<Judgement | undefined>;
  /** What would hold a process with this set, here and now. */
  box(set: Permissions): Promise<RunBox>;
  /** Has a plan run once the command has ended with 0; the runner's exit code then decides. */
  launch(request: LaunchRequest<Plan>): void;
  /** Has pipelines signed once the command has ended with 0. */
  sign(pipelines: readonly SignablePipeline[]): void;
  /** What the launcher verified, where it did: then no pipeline is read from the disk. */
  readonly signed?: SignedPipelines;
  /** Has something made for a machine, or taken away, once the command has ended with 0. */
  deploy(request: DeployRequest<Plan>): void;
  readonly clock: Clock;
  /** A number in [0, 1). */
  random(): number;
}

/** What is told of the user's environment. */
export interface Variables {
  /** Those that were asked for and are set. */
  readonly values: Readonly<Record<string, string>>;
  /** Names of others that are set and begin as one of them does. */
  readonly alike: readonly string[];
}

/** Pipelines by the bytes that were verified. */
export interface SignedPipelines {
  /** By their absolute paths. */
  readonly texts: ReadonlyMap<string, string>;
  readonly report: SignatureReport;
}

/** A command that was asked for, by its name. */
export type Asked<Name extends Command["command"]> = Extract<Command, { readonly command: Name }>;

/** Where a command runs. */
export interface Place {
  readonly context: PlannerContext;
  readonly port: Port;
}
