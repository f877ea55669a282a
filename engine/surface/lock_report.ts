import type { Diagnostic, Span } from "../diagnostic.ts";
import { grantId } from "../permissions/grant.ts";
import type { LockDifference } from "../permissions/lock/compare_locks.ts";
import { memberOf, placeOf } from "../permissions/lock/json_node.ts";
import { parseJson } from "../permissions/lock/parse_json.ts";
import { lockFile } from "../permissions/lock/read_lock.ts";
import type { LockDraft } from "./draft_lock.ts";

/** What `sluice lock --check` has to say. */
export interface LockReport {
  readonly differences: readonly PlacedDifference[];
  /** What a reviewer would object to in any case. */
  readonly findings: readonly Diagnostic[];
}

/** A difference with everybody who causes it. */
export type PlacedDifference = LockDifference & { readonly causes: readonly PlacedCause[] };

export interface PlacedCause {
  /** Such as `P5-3 release.switch`, or `written in its ceiling`. */
  readonly what: string;
  /** Where it stands today. */
  readonly span: Span;
  /** A value in the surface, on which that step's permissions depend. */
  readonly isValue?: true;
}

/**
 * Adds their causes to differences, with the lines of today: the steps that need a grant and the
 * values of the surface that they depend on, the entry of a ceiling, the code, or else the surface.
 *
 * @param text of the lock as it is, where there is one: it alone knows a surface that is gone
 */
export function placeDifferences(
  differences: readonly LockDifference[],
  { places }: LockDraft,
  text?: string,
): readonly PlacedDifference[] {
  return differences.map((difference) => {
    const own = places.get(difference.surface);
    const { subject } = difference;
    if (own === undefined) {
      const span = placeInLock(text, difference.surface);
      return { ...difference, causes: [{ what: "the surface is gone", span }] };
    }
    if (subject.kind === "grant") {
      const { grant } = subject;
      const steps = grant.why.map((text): PlacedCause => ({
        what: text.replace(/ in .*$/, ""),
        span: own.causes.get(text) ?? own.span,
      }));
      const written = own.grants.get(
        grantId(grant.kind === "run" ? { kind: "run", grant: grant.grant } : grant),
      );
      const ceiling = written === undefined
        ? []
        : [{ what: "written in its ceiling", span: written }];
      const values = new Map(
        grant.why.flatMap((text) => own.values?.get(text) ?? []).map((one) => [one.name, one]),
      );
      const causes = [
        ...steps,
        ...[...values.values()].map(({ name, span }): PlacedCause => ({
          what: `its value of ${name}`,
          span,
          isValue: true,
        })),
        ...ceiling,
      ];
      if (causes.length > 0) return { ...difference, causes };
    }
    if (subject.kind === "accepted") {
      const { finding, entry } = subject.accepted;
      const span = own.accepts.find((one) => one.finding === finding && one.entry === entry)?.span;
      if (span !== undefined) return { ...difference, causes: [{ what: "accepted", span }] };
    }
    if (subject.kind === "code" && difference.after.length > 0) {
      return { ...difference, causes: [{ what: "its code", span: startOf(subject.file) }] };
    }
    return { ...difference, causes: [{ what: "the surface", span: own.span }] };
  });
}

function startOf(file: string): Span {
  return { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
}

/** What is in no text any more stands in the lock itself. */
function placeInLock(text: string | undefined, surface: string): Span {
  if (text === undefined) return startOf(lockFile);
  const surfaces = memberOf(parseJson(text, lockFile), "surfaces");
  const found = surfaces?.kind === "map"
    ? surfaces.members.find(({ key }) => key === surface)
    : undefined;
  if (found === undefined) return startOf(lockFile);
  const { line, column } = placeOf(text, found.start);
  const endColumn = column + JSON.stringify(surface).length;
  return { file: lockFile, line, column, endLine: line, endColumn };
}
