import type { Exercise, RunTimes } from "../execute/step_windows.ts";
import type { SpawnLine } from "../execute/spawn_log.ts";
import {
  allows,
  type Attempt,
  attemptOf,
  type AttemptPlace,
  entryAllows,
  isSecretive,
} from "./attempt.ts";
import { atWork, plannedId } from "./at_work.ts";
import type { AuditLog } from "./audit_log.ts";
import { auditPrograms, type ProgramAudit, usesProgram } from "./audit_programs.ts";
import { explain, type Explained, type ExplainedStep, type Why } from "./explain.ts";
import { isEmpty } from "./is_empty.ts";
import { libraryVariables } from "./library_variables.ts";
import { pathCovers } from "./path.ts";
import type { Permissions, ProgramGrant } from "./permissions.ts";
import { programSees } from "./program_sees.ts";

/** A process of a run, with the log that Deno wrote for it. */
export interface AuditedProcess {
  /** Which start of the run it belongs to, from 1. */
  readonly start: number;
  /** The step whose own process it is; absent for the runner. */
  readonly step?: string;
  readonly log: AuditLog;
  /** What it was started with. */
  readonly set: Permissions;
  /** Paths that it may not write although its set allows it. */
  readonly denied?: readonly string[];
  readonly place: AttemptPlace;
}

/** What of a planned step an audit looks at. */
export interface AuditedStep extends ExplainedStep {
  /** It leaves something at work until the end of the run. */
  readonly holds: boolean;
}

/** All that is known of a run. */
export interface AuditedRun {
  readonly plan: {
    readonly steps: readonly AuditedStep[];
    readonly finally: readonly AuditedStep[];
  };
  readonly times: RunTimes;
  readonly processes: readonly AuditedProcess[];
  /** The record of programs. */
  readonly programs: readonly SpawnLine[];
  /** Where programs with a bare name are found. */
  readonly folders: readonly string[];
}

/** An attempt that no grant of its process allows, which Deno refused. */
export interface Undeclared {
  readonly attempt: Attempt;
  readonly count: number;
  /** Milliseconds since 1970; whole seconds, as the log has them. */
  readonly first: number;
  readonly last: number;
  /** Ids of the steps that were at work in those seconds; none where only the engine was. */
  readonly steps: readonly string[];
}

/** What one process asked for. */
export interface ProcessAudit {
  readonly start: number;
  readonly step?: string;
  /** How often it asked, and for how many different things. */
  readonly checks: number;
  readonly things: number;
  readonly undeclared: readonly Undeclared[];
  /** Numbers of lines that are none of Deno's, and whether the last one has no end. */
  readonly damaged: readonly number[];
  readonly torn: boolean;
  /** How many addresses in the log hold a user, a password or a query: perhaps secrets. */
  readonly secretive: number;
}

/** A grant that a phase of a step declared and, wholly run, never asked for. */
export type Unused = Explained & { readonly why: readonly [Why] };

/**
 * A grant that a phase, wholly run, never asked for itself, and that a program which it may start has
 * as well: no log shows what a program does, so it may be needed.
 */
export type Unseen = Unused & {
  /** The programs that have it. */
  readonly programs: readonly ProgramGrant[];
};

/** A phase of a step whose grants prove nothing, since it was not wholly run. */
export interface Unexercised {
  readonly why: Why;
  readonly reason: "skipped" | "never begun" | "not ended" | "not needed";
}

/** What was asked for and what was declared, both ways. */
export interface AuditReport {
  readonly processes: readonly ProcessAudit[];
  readonly programs: ProgramAudit;
  readonly unused: readonly Unused[];
  readonly unseen: readonly Unseen[];
  readonly unexercised: readonly Unexercised[];
  /** Starts of the run that its journal knows and that left no log, or an empty one. */
  readonly unlogged: readonly number[];
}

/**
 * Joins what Deno logged and what the engine recorded of programs with what was declared. Pure.
 *
 * A grant counts as used when anything that it allows was asked for while its step may have been at
 * work, so that nothing is called unused that may have been used. Where the log does not tell what
 * was asked for, the attempt counts as one that was not declared. What a program of the step has too is
 * never called unused.
 */
export function audit({ plan, times, processes, programs, folders }: AuditedRun): AuditReport {
  const steps = [...plan.steps, ...plan.finally];
  const working = atWork(steps, times);
  const read = processes.map((process) => ({ process, asked: askedOf(process) }));
  const terms = { steps, folders };

  const isUsed = (grant: Explained, why: Why) => {
    if (grant.kind === "run") return usesProgram(programs, grant.grant, why, terms, working);
    return read.some(({ process, asked }) =>
      (process.step === undefined || process.step === why.step) &&
      asked.some(({ attempt, seconds }) =>
        entryAllows(grant.kind, grant.entry, attempt) &&
        working.mayBe(why.step, why.phase, seconds)
      )
    );
  };
  const lacks = (why: Why) => unexercised(why, steps, times);
  const never = explain(plan).flatMap((grant) =>
    grant.why.filter((why) => lacks(why) === undefined && !isUsed(grant, why))
      .map((why): Unseen => ({ ...grant, why: [why], programs: programsWith(grant, why, steps) }))
  );

  return {
    processes: read.map(({ process, asked }) => ({
      start: process.start,
      ...(process.step === undefined ? {} : { step: process.step }),
      checks: process.log.lines,
      things: asked.length,
      undeclared: asked.filter(({ attempt }) => !isAllowed(attempt, process)).map(
        ({ attempt, count, seconds }) => ({
          attempt,
          count,
          first: seconds[0]!,
          last: seconds.at(-1)!,
          steps: process.step === undefined ? working.during(seconds) : [process.step],
        }),
      ),
      damaged: process.log.damaged,
      torn: process.log.torn,
      secretive: process.log.checks.filter(isSecretive).length,
    })),
    programs: auditPrograms(programs, terms),
    unused: never.filter(({ programs }) => programs.length === 0)
      .map(({ programs: _, ...grant }): Unused => grant),
    unseen: never.filter(({ programs }) => programs.length > 0),
    unexercised: phases(steps).flatMap((why) => {
      const reason = lacks(why);
      return reason === undefined ? [] : [{ why, reason }];
    }),
    unlogged: times.processes.map(({ start }) => start).filter((start) => {
      const runner = processes.find((each) => each.start === start && each.step === undefined);
      return runner === undefined || runner.log.lines === 0;
    }),
  };
}

/** The programs of a phase that have what a grant gives. */
function programsWith(
  grant: Explained,
  { step, phase }: Why,
  steps: readonly AuditedStep[],
): readonly ProgramGrant[] {
  if (grant.kind === "run") return [];
  const own = steps.find(({ id }) => id === step)?.permissions[phase].run ?? [];
  return own.filter((program) => programSees(program, grant.kind, grant.entry));
}

function isAllowed(attempt: Attempt, { step, set, denied = [] }: AuditedProcess): boolean {
  const { kind } = attempt;
  // Our libraries ask for these, and a runner is told that they are not set.
  if (kind === "env" && step === undefined && libraryVariables.includes(attempt.name)) return true;
  if (kind === "write" && denied.some((path) => pathCovers(path, attempt.path))) return false;
  return allows(set, attempt);
}

interface Asked {
  readonly attempt: Attempt;
  readonly seconds: readonly number[];
  readonly count: number;
}

/** What a process asked for, in whatever spelling, once. */
function askedOf({ log, place }: AuditedProcess): readonly Asked[] {
  const asked = new Map<string, Asked>();
  for (const check of log.checks) {
    const attempt = attemptOf(check, place);
    const key = JSON.stringify(attempt);
    const before = asked.get(key) ?? { seconds: [], count: 0 };
    asked.set(key, {
      attempt,
      seconds: [...new Set([...before.seconds, ...check.seconds])].sort((a, b) => a - b),
      count: before.count + check.count,
    });
  }
  return [...asked.values()];
}

/** Every phase that declared anything. */
function phases(steps: readonly AuditedStep[]): readonly Why[] {
  return steps.flatMap(({ id, uses, span: { file, line }, permissions }) =>
    (["run", "undo"] as const).filter((phase) => !isEmpty(permissions[phase]))
      .map((phase): Why => ({ step: id, uses, phase, file, line }))
  );
}

/** Why a phase proves nothing of its grants; `undefined` where it was wholly run at least once. */
function unexercised(
  { step, phase }: Why,
  steps: readonly AuditedStep[],
  { exercised }: RunTimes,
): Unexercised["reason"] | undefined {
  const found: Exercise[] = [...exercised[phase]].flatMap(([id, how]) =>
    plannedId(id, steps) === step ? [how] : []
  );
  if (found.includes("whole")) return undefined;
  if (found.includes("part")) return "not ended";
  if (found.includes("skipped")) return "skipped";
  return phase === "run" ? "never begun" : "not needed";
}
