import { countPrograms } from "../count_programs.ts";
import { escapeOf } from "../escape.ts";
import type { Explained, Why } from "../explain.ts";
import { entryCovers, type TextKind } from "../grants.ts";
import { normalise } from "../normalise.ts";
import type { ProgramGrant } from "../permissions.ts";
import { programCovers } from "../shape.ts";
import { showBox, showModule } from "../show_box.ts";
import { showCommand } from "../show_command.ts";
import { Page } from "./page.ts";
import { placeWords } from "./place_words.ts";
import type { LockedSurface, RenderedSurface, Rendering } from "./rendering.ts";

const titles: readonly (readonly [kind: TextKind, title: string])[] = [
  ["write", "may write"],
  ["read", "may read"],
  ["connect", "may connect to"],
  ["listen", "may listen on"],
  ["env", "may read these variables"],
  ["sys", "may ask the system for"],
];

/**
 * A surface for the reviewer: first what a person let stand and whose code it may run; then programs,
 * because they leave Deno's sandbox, each with the shape of its arguments and what it could do beyond
 * them; then what is written, read and reached. Each grant names the steps that asked for it. At least
 * 80 columns wide; nothing is cut, and nothing is listed that another entry reaches.
 */
export function renderTable(surface: RenderedSurface): Rendering {
  const { name, summary, set, explained, locked, places } = surface;
  const normal = normalise(set);
  const page = new Page(Math.max(surface.columns ?? 80, 80));
  page.put("", `${name}: ${summary}`);
  if (locked !== undefined) putLocked(page, locked);
  page.blank();
  if (normal.run.length === 0) page.put("", "starts no programs");
  else {
    const lines = count(normal.run.length, "command line");
    const programs = count(countPrograms(normal), "program");
    page.put("", `${lines} of ${programs}, outside of Deno's sandbox`);
  }
  for (const grant of sortPrograms(normal.run)) {
    putProgram(page, grant, surface);
    putWhy(
      page,
      explained.filter((each) => each.kind === "run" && programCovers(grant, each.grant)),
      surface,
    );
  }
  for (const [kind, title] of titles) {
    if (normal[kind].length === 0) continue;
    page.blank();
    page.put("", title);
    for (const entry of normal[kind]) {
      page.put("  ", placeWords(entry, places));
      putWhy(
        page,
        explained.filter((each) => each.kind === kind && entryCovers(kind, entry, each.entry)),
        surface,
      );
    }
  }
  if (explained.length === 0) {
    page.blank();
    page.put("", "a ceiling: people wrote it, no step asked for it");
  }
  return { text: page.text(), unsaid: [] };
}

/** What the lock calls it, and what in it a person has agreed to beyond grants. */
function putLocked(page: Page, { kind, digest, here, code, accepts }: LockedSurface): void {
  page.put(kind === "fixed" ? "set      " : "ceiling  ", digest);
  if (here !== undefined) {
    page.put("here     ", here);
    page.put("         ", "as sluice plan has it, with the paths of this machine");
  }
  if (accepts.length > 0) {
    page.blank();
    page.put("", `${count(accepts.length, "finding")} that somebody accepted`);
    for (const { finding, entry, reason } of accepts) {
      page.put("  ", `${finding} of ${entry}`);
      page.put("      since  ", reason);
    }
  }
  if (code.length > 0) {
    page.blank();
    page.put("", `may run ${count(code.length, "step")} of others, each in a process of its own`);
    for (const { file, digest } of code) {
      page.put("  ", file);
      page.put("      ", digest);
    }
  }
}

/** What may run any code is first; then by what one would type. */
function sortPrograms(grants: readonly ProgramGrant[]): readonly ProgramGrant[] {
  const rank = (grant: ProgramGrant) => escapeOf(grant).class === "arbitrary-code" ? 0 : 1;
  return grants.toSorted((a, b) => rank(a) - rank(b) || (showCommand(a) < showCommand(b) ? -1 : 1));
}

function putProgram(page: Page, grant: ProgramGrant, surface: RenderedSurface): void {
  const { programs, places, set } = surface;
  const { program, args, env } = grant;
  const escape = escapeOf(grant);
  const spell = (word: string) => placeWords(word, places);
  page.put("  ", showCommand({ ...grant, program: spell(program), args: args.map(spell) }));
  if (!program.startsWith("/")) {
    page.put("      path   ", programs[program] ?? "not installed here");
  }
  page.put("      class  ", `${escape.class.replace("-", " ")}: ${escape.reason}`);
  if (env.length > 0) page.put("      gets   ", [...env].sort().join(", "));
  // Where all are the runner's own, a line that says so of each says nothing.
  if (set.run.some(({ brokered }) => brokered)) page.put("      start  ", starterOf(grant));
}

/** Who starts it, and what holds it below Deno. */
function starterOf({ brokered, box, deno }: ProgramGrant): string {
  if (brokered !== true) return "by the runner, in no box but the runner's own";
  if (deno !== undefined) {
    return `by the launcher, with Deno, which grants at most: ${showModule(deno)}`;
  }
  if (box === undefined) return "by the launcher, in no box";
  return `by the launcher, in a box of its own: ${showBox(box)}`;
}

/** Who asked: the steps of each file in the order of its lines, each after its line. */
function putWhy(
  page: Page,
  found: readonly Explained[],
  { explained, places: { project } }: RenderedSurface,
): void {
  if (explained.length === 0) return;
  const causes = found.flatMap(({ why }) => why);
  if (causes.length === 0) return page.put("      for    ", "Sluice itself");
  const files = Map.groupBy(causes, ({ file }) => file);
  for (const [file, whys] of files) {
    const steps = [...Map.groupBy(whys, ({ line, step }) => `${line} ${step}`).values()]
      .sort(([a], [b]) => a!.line - b!.line)
      .map(showStep);
    const shown = file.startsWith(`${project}/`) ? file.slice(project.length + 1) : file;
    page.put("      for    ", `${shown}: ${steps.join(", ")}`);
  }
}

function showStep(whys: readonly Why[]): string {
  const { line, step } = whys[0]!;
  const phases = new Set(whys.map(({ phase }) => phase));
  return `${line} ${step}${phases.has("run") ? "" : " (its undo)"}`.replaceAll(" ", "\u00a0");
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
