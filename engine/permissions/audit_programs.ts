import type { SpawnLine } from "../execute/spawn_log.ts";
import { type AtWork, plannedId } from "./at_work.ts";
import type { ExplainedStep } from "./explain.ts";
import type { ProgramGrant } from "./permissions.ts";
import { matchesProgram, matchesShape } from "./shape.ts";

type Started = Extract<SpawnLine, { readonly type: "started" }>;
type Refused = Extract<SpawnLine, { readonly type: "refused" }>;

/** What the engine's record says of the programs of a run. */
export interface ProgramAudit {
  readonly started: number;
  /** Started although no grant of their step allows it: the record was changed, or is of another run. */
  readonly undeclared: readonly Started[];
  /** Asked for and not started. */
  readonly refused: readonly Refused[];
  /** Without an end: they were at work when their process was cut off. */
  readonly unfinished: readonly Started[];
}

/** Which programs were granted, and where those with a bare name lie. */
export interface ProgramTerms {
  readonly steps: readonly ExplainedStep[];
  readonly folders: readonly string[];
}

/** Compares the record of programs with what each step declared. */
export function auditPrograms(lines: readonly SpawnLine[], terms: ProgramTerms): ProgramAudit {
  const started = lines.filter((line) => line.type === "started");
  return {
    started: started.length,
    undeclared: started.filter((line) => !isDeclared(line, terms)),
    refused: lines.filter((line) => line.type === "refused"),
    unfinished: unfinished(lines),
  };
}

/** Whether the record has a start that a grant of a step's phase allows. */
export function usesProgram(
  lines: readonly SpawnLine[],
  grant: ProgramGrant,
  { step, phase }: { readonly step: string; readonly phase: "run" | "undo" },
  { steps, folders }: ProgramTerms,
  atWork: AtWork,
): boolean {
  return lines.some((line) =>
    line.type === "started" && plannedId(line.step, steps) === step &&
    allowsStart(grant, line, folders) &&
    atWork.mayBe(step, phase, [Math.floor(Date.parse(line.time) / 1000) * 1000])
  );
}

function isDeclared(line: Started, { steps, folders }: ProgramTerms): boolean {
  const step = steps.find(({ id }) => id === plannedId(line.step, steps));
  const grants = step === undefined
    ? []
    : [...step.permissions.run.run, ...step.permissions.undo.run];
  return grants.some((grant) => allowsStart(grant, line, folders));
}

function allowsStart(grant: ProgramGrant, line: Started, folders: readonly string[]): boolean {
  const ofProgram = matchesProgram(grant, line.program) ||
    folders.some((folder) => line.program === `${folder}/${grant.program}`);
  return ofProgram && matchesShape(grant, line.args) &&
    line.env.every((name) => grant.env.includes(name)) &&
    line.brokered === (grant.brokered === true);
}

/** Numbers begin again with each process of the run. */
function unfinished(lines: readonly SpawnLine[]): readonly Started[] {
  const cut: Started[] = [];
  const open = new Map<number, Started>();
  for (const line of lines) {
    if (line.type === "ended") open.delete(line.n);
    if (line.type !== "started") continue;
    const before = open.get(line.n);
    if (before !== undefined) cut.push(before);
    open.set(line.n, line);
  }
  return [...cut, ...open.values()];
}
