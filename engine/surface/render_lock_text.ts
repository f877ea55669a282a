import { printable } from "../document/display_width.ts";
import { setOfGrants } from "../permissions/grant.ts";
import type { DifferenceSubject } from "../permissions/lock/compare_locks.ts";
import { showPermissions } from "../plan/show_permissions.ts";
import type { LockReport, PlacedDifference } from "./lock_report.ts";

/** What is said above the differences of a kind. */
const titles = {
  widened: "widened: nobody has agreed to this yet",
  narrowed: "narrowed: the lock still allows this",
  same: "otherwise different: nobody may do more or less",
} as const;

/** After so many causes only their number is told. */
const causesShown = 4;

/**
 * The differences of a lock for a reviewer: what is widened apart from what is narrowed, programs
 * first, each with its causes at the lines of today and its lines of the lock.
 */
export function renderLockText({ differences }: LockReport): string {
  const lines: string[] = [];
  for (const reach of ["widened", "narrowed", "same"] as const) {
    const own = differences.filter((one) => one.reach === reach);
    if (own.length === 0) continue;
    lines.push("", titles[reach]);
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

/** Surface by surface, programs first. */
function bySurface(differences: readonly PlacedDifference[]): readonly PlacedDifference[] {
  const surfaces = [...new Set(differences.map(({ surface }) => surface))];
  return surfaces.flatMap((surface) => {
    const own = differences.filter((one) => one.surface === surface);
    const first = own.filter(({ subject }) => subject.kind === "grant" && isProgram(subject));
    return [...first, ...own.filter((one) => !first.includes(one))];
  });
}

function isProgram({ grant }: Extract<DifferenceSubject, { kind: "grant" }>): boolean {
  return grant.kind === "run";
}

function block({ subject, causes, before, after }: PlacedDifference): readonly string[] {
  const shown = causes.slice(0, causesShown).map(({ what, span }) =>
    `      ${what} at ${span.file}:${span.line}`
  );
  const hidden = causes.length - causesShown;
  return [
    `    ${showSubject(subject)}`,
    ...escape(subject),
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

function escape(subject: DifferenceSubject): readonly string[] {
  if (subject.kind !== "grant" || subject.grant.escape === undefined) return [];
  const { class: escape, reason } = subject.grant.escape;
  return [`      ${escape.replace("-", " ")}: ${reason}`];
}
