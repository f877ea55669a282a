import { printable } from "../document/printable.ts";
import { cells, wrap } from "../document/fold.ts";
import { formatDuration } from "../document/duration.ts";
import type { Json } from "../json.ts";
import type { Permissions } from "../permissions/permissions.ts";
import type { ShedLists } from "../permissions/shed_lists.ts";
import { authoredValue } from "../schema/author_schema.ts";
import type { Plan, PlannedStep, Unit } from "./plan.ts";
import { shedTimeline } from "./shed_timeline.ts";
import { showLine, showPermissions } from "./show_permissions.ts";
import { showTemplate } from "./show_template.ts";

export interface TextOptions {
  /** Whether the terminal shows ANSI colours. */
  readonly color: boolean;
  /** Width to wrap at. */
  readonly columns: number;
}

/**
 * A plan for people to read before anything runs: parameters, then each step with its effect, what
 * it may touch (programs first) and how it is undone, then the whole undo path in reverse, and what
 * the process gives up on the way.
 */
export function renderPlanText(plan: Plan, options: TextOptions): string {
  const page = new Page(options);
  const last = plan.finally.length;
  const count = plan.steps.length + last;
  page.line(0, plan.name, plan.summary ?? "");
  page.line(
    0,
    "",
    `${plan.file}, ${count} step${count === 1 ? "" : "s"}${
      last === 0 ? "" : `, ${last} of them finally`
    }`,
  );
  page.line(0, "plan", plan.digest);
  if (plan.every) {
    const { period_ms, jitter } = plan.every;
    const random = jitter === 0 ? "" : ` ± ${percent(jitter)}`;
    page.line(0, "", `repeated every ${formatDuration(period_ms)}${random}`);
  }
  if (plan.stay) page.line(0, "", "stays up, with what its steps hold, until it is told to end");
  writeParameters(page, plan);
  page.title("steps");
  for (const [index, step] of plan.steps.entries()) {
    writeStep(page, plan, step, plan.steps[index - 1]);
  }
  if (plan.finally.length > 0) {
    page.title("finally, whatever happened");
    for (const [index, step] of plan.finally.entries()) {
      writeStep(page, plan, step, plan.finally[index - 1]);
    }
  }
  writeUndoPath(page, plan);
  writeSheds(page, plan);
  return page.text();
}

/**
 * Collects lines; knows how wide they may be and whether they may be coloured. Shows what could
 * steer a terminal as `�`.
 */
class Page {
  readonly #lines: string[] = [];
  constructor(private readonly options: TextOptions) {}

  title(title: string): void {
    this.#lines.push("", this.#style("1", title));
  }

  /** A line of running text after a bold word, wrapped between words. */
  line(indent: number, word: string, text: string): void {
    const head = printable(word);
    const taken = indent + (head === "" ? 0 : cells(head) + 1);
    const { columns } = this.options;
    for (
      const [index, part] of wrap(columns - indent - 2, printable(text), columns - taken).entries()
    ) {
      const lead = " ".repeat(index === 0 ? indent : indent + 2);
      const bold = index > 0 || head === "" ? "" : `${this.#style("1", head)} `;
      this.#lines.push((lead + bold + part).trimEnd());
    }
  }

  /** A dim word and what belongs to it; what does not fit stands below. */
  field(word: string, text: string): void {
    const dim = this.#style("2", word.padEnd(9));
    for (const [index, part] of wrap(this.options.columns - 16, printable(text)).entries()) {
      this.#lines.push(`      ${index === 0 ? dim : " ".repeat(9)} ${part}`.trimEnd());
    }
  }

  #style(code: string, text: string): string {
    return this.options.color && text.trim() !== ""
      ? `\x1b[${code}m${printable(text)}\x1b[22m`
      : printable(text);
  }

  text(): string {
    return this.#lines.join("\n") + "\n";
  }
}

function writeParameters(page: Page, plan: Plan): void {
  const names = Object.keys(plan.params);
  if (names.length === 0) return;
  page.title("parameters");
  const width = Math.max(...names.map((name) => name.length));
  for (const name of names) {
    const secret = plan.secrets.includes(name) ? " (secret)" : "";
    page.line(
      2,
      name.padEnd(width),
      showValue(authored(plan.params[name]!, plan.units?.[name])) + secret,
    );
  }
}

/** Numbers with their unit, as they would be given again. */
function authored(value: Json, unit: Unit | undefined): Json {
  return Array.isArray(value)
    ? value.map((item) => authoredValue(item, unit))
    : authoredValue(value, unit);
}

function showValue(value: Json): string {
  return typeof value === "string" && value !== "" ? value : JSON.stringify(value);
}

function writeStep(
  page: Page,
  plan: Plan,
  step: PlannedStep,
  previous: PlannedStep | undefined,
): void {
  const marks = [step.effect === "none" ? "no effect" : step.effect];
  if (step.commit) marks.push("commit");
  if (step.on_failure === "continue") marks.push("may fail");
  page.line(2, step.id, `${step.uses} [${marks.join(", ")}] ${step.summary}`);
  if (step.foreign !== undefined) {
    page.field("others", `a step of others, in a process of its own: ${step.uses}`);
    // Not to be cut: it is compared with others.
    page.line(8, "", step.foreign);
  }
  const usual = previous === undefined ? [] : [previous.id];
  if (step.needs.join() !== usual.join()) {
    page.field(
      "after",
      step.needs.length === 0 ? "nothing, it starts at once" : step.needs.join(", "),
    );
  }
  for (const { condition } of step.when) page.field("when", showTemplate(condition));
  if (step.for_each) page.field("for each", `of ${showTemplate(step.for_each)}${atOnce(step)}`);
  if (step.item !== undefined) page.field("item", showValue(step.item));
  for (const [name, template] of Object.entries(step.late)) {
    page.field("given", `${name}: ${showTemplate(template)}`);
  }
  if (step.timeout_ms !== undefined) page.field("timeout", formatDuration(step.timeout_ms));
  if (step.retry) {
    const { attempts, delay_ms, max_delay_ms, jitter } = step.retry;
    const waits = `${formatDuration(delay_ms)} to ${formatDuration(max_delay_ms)}`;
    page.field("retry", `${attempts} attempts, ${waits} between, ± ${percent(jitter)}`);
  }
  if (step.holds) page.field("holds", "something until the run ends");
  writeGrants(page, step.permissions.run);
  if (step.effect === "reversible") {
    const grants = showPermissions(step.permissions.undo);
    if (grants.length === 0) page.field("undo", "touches nothing");
    for (const [index, line] of grants.entries()) {
      page.field(index === 0 ? "undo" : "", `${line.verb} ${showLine(line)}`);
    }
  }
  const group = plan.groups.find(({ members }) => members[0] === step.id);
  if (group) {
    page.field("item of", `${group.id}, ${group.members.length} items${atOnce(group)}`);
  }
}

function writeGrants(page: Page, set: Permissions): void {
  const grants = showPermissions(set);
  if (grants.length === 0) page.field("touches", "nothing");
  for (const line of grants) page.field(line.verb, showLine(line));
}

function writeUndoPath(page: Page, plan: Plan): void {
  const undoable = plan.steps.filter((step) => step.effect === "reversible");
  page.title("when a step fails");
  if (undoable.length === 0) {
    page.line(2, "", "nothing is undone: no step has an effect that can be");
  } else {
    page.line(2, "", "what was done is undone, last first:");
    for (const step of undoable.toReversed()) page.line(4, step.id, step.uses);
  }
  for (const step of plan.steps.filter(({ commit }) => commit)) {
    page.line(2, "", `once ${step.id} is done, what was done until then stays (commit)`);
  }
  for (const step of plan.steps.filter(({ effect }) => effect === "irreversible")) {
    page.line(2, step.id, `${step.uses} cannot be undone`);
  }
}

function writeSheds(page: Page, plan: Plan): void {
  const { grants, moments } = shedTimeline(plan);
  page.title("what is given up on the way, for good");
  if (plan.every !== undefined) {
    page.line(2, "", "nothing before somebody asks for the end: the next repetition needs it all");
    return;
  }
  const all = `the process begins with ${grants} grants`;
  if (moments.length === 0) {
    page.line(2, "", `nothing: ${all}, and needs each to its end`);
    return;
  }
  page.line(2, "", `${all}; if all goes well, these go with the end of`);
  for (const { step, grants, left } of moments) {
    page.line(2, step ?? "all steps", `(${left} left)`);
    for (const [kind, names] of Object.entries(grants)) {
      for (const name of names) page.field(shedWords[kind as keyof ShedLists], name);
    }
  }
}

const shedWords: Readonly<Record<keyof ShedLists, string>> = {
  run: "runs",
  brokered: "has run",
  write: "writes",
  read: "reads",
  net: "net",
  env: "env",
  sys: "sys",
};

function atOnce({ max_parallel = 1 }: { readonly max_parallel?: number }): string {
  return max_parallel === 1 ? ", one at a time" : `, ${max_parallel} at once`;
}

function percent(part: number): string {
  return `${Number((part * 100).toFixed(3))}%`;
}
