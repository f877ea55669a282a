import { printable } from "../document/printable.ts";
import { setOfGrants } from "../permissions/grant.ts";
import type { DifferenceSubject } from "../permissions/lock/compare_locks.ts";
import { showPermissions } from "../plan/show_permissions.ts";
import type { LockReport, PlacedDifference } from "./lock_report.ts";

/** What is said above the differences of a kind. */
const titles = {
  widened: "widened: nobody has agreed to this yet",
  excess:
    "too wide: more is allowed than is needed; a pipeline was narrowed, or this was put in by hand",
  narrowed: "narrowed: nothing needs this any more",
  same: "otherwise different: nobody may do more or less",
} as const;

/** After so many causes only their number is told. */
const causesShown = 4;

/**
 * The differences of a lock for a reviewer: what is widened apart from what is narrowed, each with its
 * causes at the lines of today and its lines of the lock. A surface is told as one, as that is what
 * somebody has to agree to; those in which programs differ come first, and programs first in each.
 */
export function renderLockText(report: LockReport): string {
  const lines: string[] = [];
  for (const reach of ["widened", "narrowed", "same"] as const) {
    const own = report.differences.filter((one) => one.reach === reach);
    if (own.length === 0) continue;
    lines.push("", titles[toldReach(reach, report)]);
    let surface: string | undefined;
    for (const one of bySurface(own)) {
      if (one.surface !== surface) lines.push(`  ${printable(one.surface)}`);
      surface = one.surface;
      lines.push(...block(one));
    }
  }
  const [, ...text] = lines;
  return text.length === 0 ? "" : `${text.join("\n")}\n`;
}

/**
 * What a difference means to who reads of it. That less is needed than is allowed narrows something
 * only when it is written; till then, whoever starts the surface is allowed more than is needed,
 * and nobody knows whether a pipeline was changed or what was reviewed.
 */
export function toldReach(
  reach: PlacedDifference["reach"],
  { check }: LockReport,
): PlacedDifference["reach"] | "excess" {
  return check && reach === "narrowed" ? "excess" : reach;
}

/** Surface by surface, the gravest first; the same in each. */
function bySurface(differences: readonly PlacedDifference[]): readonly PlacedDifference[] {
  const surfaces = Map.groupBy(gravestFirst(differences), ({ surface }) => surface);
  return [...surfaces.values()].flat();
}

/** What may run any code, then other programs and the code of others, then the rest, as they stood. */
export function gravestFirst(
  differences: readonly PlacedDifference[],
): readonly PlacedDifference[] {
  return differences.toSorted((a, b) => gravityOf(b.subject) - gravityOf(a.subject));
}

function gravityOf(subject: DifferenceSubject): number {
  if (subject.kind === "code") return 2;
  if (subject.kind !== "grant" || subject.grant.kind !== "run") return 0;
  return subject.grant.escape?.class === "arbitrary-code" ? 2 : 1;
}

function block({ subject, causes, before, after }: PlacedDifference): readonly string[] {
  const shown = causes.slice(0, causesShown).map(({ what, span }) =>
    `      ${what} at ${span.file}:${span.line}`
  );
  const hidden = causes.length - causesShown;
  return [
    `    ${showSubject(subject)}`,
    ...showEscape(subject).map((line) => `      ${line}`),
    ...shown,
    ...(hidden > 0 ? [`      and ${hidden} more`] : []),
    ...before.map((line) => `      - ${line}`),
    ...after.map((line) => `      + ${line}`),
  ].map(printable);
}

/** What differs, in one line: `runs      ln -s *`. */
export function showSubject(subject: DifferenceSubject): string {
  switch (subject.kind) {
    case "grant":
      return showPermissions(setOfGrants([subject.grant])).map(({ verb, what }) =>
        `${verb.padEnd(9)} ${what}`
      ).join("\n");
    case "pipeline":
      return `pipeline  ${subject.path}`;
    case "code":
      return `code      ${subject.file}`;
    case "accepted":
      return `accepts   ${subject.accepted.finding} of ${subject.accepted.entry}`;
    case "detail":
      return `its ${subject.key}`;
  }
}

/** What a program could do beyond its arguments, in one line; none for anything else. */
export function showEscape(subject: DifferenceSubject): readonly string[] {
  if (subject.kind !== "grant" || subject.grant.escape === undefined) return [];
  const { class: escape, reason } = subject.grant.escape;
  return [`${escape.replace("-", " ")}: ${reason}`];
}
