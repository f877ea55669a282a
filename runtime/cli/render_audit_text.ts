import { printable } from "../../engine/document/printable.ts";
import type { ProcessAudit, Undeclared, Unused } from "../../engine/permissions/audit.ts";
import type { ProgramAudit } from "../../engine/permissions/audit_programs.ts";
import type { Why } from "../../engine/permissions/explain.ts";
import type { ProgramGrant } from "../../engine/permissions/permissions.ts";
import { showProgram } from "../../engine/plan/show_permissions.ts";
import { blind, showAttempt, type ShownAudit } from "./audit_report.ts";
import { shownName } from "./shown_name.ts";

export interface AuditTextOptions {
  /** Where the user stands: files below are called from there. */
  readonly cwd: string;
  /** Width of the terminal; only running text is wrapped. */
  readonly columns: number;
}

/** An audit for people: what must not be comes first. */
export function renderAuditText(
  { run, plan, set, report, faults, ok }: ShownAudit,
  options: AuditTextOptions,
): string {
  const { processes, programs, unused, unseen, unexercised, unlogged } = report;
  const places = new Map([...plan.steps, ...plan.finally].map((step) => [step.id, step]));
  const place = (why: Pick<Why, "uses" | "file" | "line">) =>
    `${why.uses}, ${shownName(why.file, options.cwd)}:${why.line}`;
  const nameSteps = (steps: readonly string[]) =>
    steps.length === 0
      ? ["no step was at work then: it was the engine, or something that a step left behind"]
      : steps.map((id) => {
        const step = places.get(id);
        const where = step === undefined ? "" : ` (${place({ uses: step.uses, ...step.span })})`;
        return `perhaps by ${id}${where}`;
      });
  const lines = [
    `run ${run}: ${plan.name}, ${shownName(plan.file, options.cwd)}`,
    `set ${set}`,
    ...processes.map(showProcess),
    showStarted(programs),
    "",
    "attempted and not declared",
    ...indented(undeclared(processes, programs, nameSteps)),
  ];
  const doubts = [
    ...faults,
    ...unlogged.map((start) => `start ${start} of the run left no log`),
    ...processes.flatMap(showDamage),
  ];
  if (doubts.length > 0) lines.push("", "not to be told", ...indented(doubts));
  const isWhole = unexercised.length === 0 && unseen.length === 0;
  lines.push("", "declared and never attempted", ...indented(showUnused(unused, isWhole, place)));
  if (unseen.length > 0) {
    lines.push(
      "",
      ...wrapped(
        "not judged, because a program of the step has it as well, and no log shows what a program does",
        options.columns,
      ),
      ...indented(byStep(unseen, place, ({ programs }) => ` (${programsOf(programs)})`)),
    );
  }
  if (unexercised.length > 0) {
    const reasons = unexercised.map(({ why, reason }) =>
      `${why.step} (${phaseWord(why.phase)}): ${reason}`
    );
    lines.push("", "not judged, because it was not run to its end", ...indented(reasons));
  }
  const secretive = processes.filter((process) => process.secretive > 0);
  if (secretive.length > 0) {
    const where = secretive.map(nameOf).join(", ");
    lines.push(
      "",
      ...wrapped(
        `the log of ${where} holds addresses with a user or a query: keep it as you would keep a secret`,
        options.columns,
      ),
    );
  }
  lines.push(
    "",
    "no log shows",
    ...blind.flatMap((text) => wrapped(`- ${text}`, options.columns, 2)),
  );
  lines.push(
    "",
    ok ? "nothing was attempted that was not declared" : "this run is not as it was declared",
  );
  return lines.map((line) => printable(line).trimEnd()).join("\n") + "\n";
}

function showProcess(process: ProcessAudit): string {
  const { checks, things } = process;
  return `${nameOf(process)} asked ${checks} time${checks === 1 ? "" : "s"} for ${things} thing${
    things === 1 ? "" : "s"
  }`;
}

function showStarted({ started, unfinished }: ProgramAudit): string {
  const count = `${started} program${started === 1 ? " was" : "s were"} started`;
  if (unfinished.length === 0) return count;
  const names = unfinished.map(({ step, program }) => `${program} of ${step}`).join(", ");
  return `${count}; at work when their process was cut off: ${names}`;
}

function nameOf({ start, step }: ProcessAudit): string {
  return `${step === undefined ? "the runner" : `the process of ${step}`} of start ${start}`;
}

function showDamage(process: ProcessAudit): readonly string[] {
  const { damaged } = process;
  if (damaged.length === 0) return [];
  const which = damaged.length === 1
    ? `line ${damaged[0]}`
    : `${damaged.length} lines, from line ${damaged[0]} on`;
  return [`the log of ${nameOf(process)} cannot be read in ${which}`];
}

function undeclared(
  processes: readonly ProcessAudit[],
  programs: ProgramAudit,
  nameSteps: (steps: readonly string[]) => readonly string[],
): readonly string[] {
  const found = [
    ...processes.flatMap((process) =>
      process.undeclared.flatMap((each) => [
        ...showUndeclared(each, process),
        ...indented(nameSteps(each.steps)),
      ])
    ),
    ...programs.refused.flatMap(({ step, program, args, time }) => [
      `run ${showProgram({ program, args, env: [] })} (refused, ${time})`,
      `  by ${step}`,
    ]),
    ...programs.undeclared.flatMap(({ step, program, args, time }) => [
      `run ${
        showProgram({ program, args, env: [] })
      } (started, ${time}, though nobody declared it)`,
      `  by ${step}`,
    ]),
  ];
  return found.length === 0 ? ["nothing"] : found;
}

function showUndeclared(
  { attempt, count, first, last }: Undeclared,
  process: ProcessAudit,
): readonly string[] {
  const { verb, what } = showAttempt(attempt);
  const when = first === last ? clock(first) : `${clock(first)} to ${clock(last)}`;
  const times = count === 1 ? "once" : `${count} times`;
  return [`${verb} ${what} (${times}, ${when}, by ${nameOf(process)})`];
}

function showUnused(
  unused: readonly Unused[],
  isWhole: boolean,
  place: (why: Why) => string,
): readonly string[] {
  if (unused.length === 0) {
    return [isWhole ? "nothing: every grant was needed" : "nothing of what was judged"];
  }
  return [
    ...byStep(unused, place),
    "narrow them there, or in the definition of the step, if no other run needs them",
  ];
}

/** Grants below the step and the phase that declared them. */
function byStep<Each extends Unused>(
  grants: readonly Each[],
  place: (why: Why) => string,
  more: (each: Each) => string = () => "",
): readonly string[] {
  const groups = Map.groupBy(
    grants,
    ({ why: [why] }) => `${why.step} (${phaseWord(why.phase)}), ${place(why)}`,
  );
  const rows = (each: Each) =>
    (each.kind === "run" ? `run ${showProgram(each.grant)}` : `${each.kind} ${each.entry}`) +
    more(each);
  return [...groups].flatMap(([title, own]) => [title, ...indented(own.map(rows))]);
}

/** Their names, each once. */
function programsOf(programs: readonly ProgramGrant[]): string {
  return [...new Set(programs.map(({ program }) => program))].join(", ");
}

function phaseWord(phase: Why["phase"]): string {
  return phase === "run" ? "to run" : "to undo";
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

function wrapped(text: string, columns: number, indent = 0): readonly string[] {
  const lines: string[] = [];
  let line = " ".repeat(indent);
  for (const word of text.split(" ")) {
    if (line.trim() !== "" && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = " ".repeat(indent + 2);
    }
    line += line.trim() === "" ? word : ` ${word}`;
  }
  return [...lines, line];
}

function clock(ms: number): string {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}
