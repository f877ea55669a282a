import { digestOf } from "../digest.ts";
import { escapeOf } from "../escape.ts";
import type { Explained, Why } from "../explain.ts";
import { entryCovers, type TextKind } from "../grants.ts";
import { normalise } from "../normalise.ts";
import type { ProgramGrant } from "../permissions.ts";
import { programCovers } from "../shape.ts";
import { showBox, showModule } from "../show_box.ts";
import { showCommand } from "../show_command.ts";
import { Page } from "./page.ts";
import type { RenderedSurface, Rendering } from "./rendering.ts";

const titles: readonly (readonly [kind: TextKind, title: string])[] = [
  ["write", "may write"],
  ["read", "may read"],
  ["connect", "may connect to"],
  ["listen", "may listen on"],
  ["env", "may read these variables"],
  ["sys", "may ask the system for"],
];

/**
 * A surface for the reviewer: programs first, because they leave Deno's sandbox, each with the shape
 * of its arguments and what it could do beyond them; then what is written, read and reached. Each
 * grant names the steps that asked for it. At least 80 columns wide; nothing is cut, and nothing is
 * listed that another entry reaches.
 */
export function renderTable(surface: RenderedSurface): Rendering {
  const { name, summary, set, explained } = surface;
  const normal = normalise(set);
  const page = new Page(Math.max(surface.columns ?? 80, 80));
  page.put("", `${name}: ${summary}`);
  page.put("", digestOf(set));
  page.blank();
  if (normal.run.length === 0) page.put("", "starts no programs");
  else page.put("", `${count(normal.run.length, "program")}, outside of Deno's sandbox`);
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
      page.put("  ", entry);
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

/** What may run any code is first; then by what one would type. */
function sortPrograms(grants: readonly ProgramGrant[]): readonly ProgramGrant[] {
  const rank = (grant: ProgramGrant) => escapeOf(grant).class === "arbitrary-code" ? 0 : 1;
  return grants.toSorted((a, b) => rank(a) - rank(b) || (showCommand(a) < showCommand(b) ? -1 : 1));
}

function putProgram(page: Page, grant: ProgramGrant, { programs }: RenderedSurface): void {
  const { program, env, brokered, box, deno } = grant;
  const escape = escapeOf(grant);
  page.put("  ", showCommand(grant));
  if (!program.startsWith("/")) {
    page.put("      path   ", programs[program] ?? "not installed here");
  }
  page.put("      class  ", `${escape.class.replace("-", " ")}: ${escape.reason}`);
  if (env.length > 0) page.put("      gets   ", [...env].sort().join(", "));
  if (deno !== undefined) page.put("      deno   ", `at most: ${showModule(deno)}`);
  else if (brokered === true) {
    page.put("      box    ", box === undefined ? "none" : `its own: ${showBox(box)}`);
  }
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
