import type { Diagnostic, Span } from "../diagnostic.ts";
import { grantId } from "../permissions/grant.ts";
import type { LockDifference } from "../permissions/lock/compare_locks.ts";
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
  /** Such as `P5-3 release.switch`, or `written` for what a person wrote into the ceiling. */
  readonly what: string;
  /** Where it stands today. */
  readonly span: Span;
}

/** A place for what is in no text any more: the lock itself. */
const nowhere: Span = { file: lockFile, line: 1, column: 1, endLine: 1, endColumn: 1 };

/**
 * Adds their causes to differences, with the lines of today: the steps that need a grant, the entry of
 * a ceiling, or else the surface.
 */
export function placeDifferences(
  differences: readonly LockDifference[],
  { places }: LockDraft,
): readonly PlacedDifference[] {
  return differences.map((difference) => {
    const own = places.get(difference.surface);
    const { subject } = difference;
    if (own === undefined) {
      return { ...difference, causes: [{ what: "the surface is gone", span: nowhere }] };
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
      const ceiling = written === undefined ? [] : [{ what: "written", span: written }];
      const causes = [...steps, ...ceiling];
      if (causes.length > 0) return { ...difference, causes };
    }
    if (subject.kind === "accepted") {
      const { finding, entry } = subject.accepted;
      const span = own.accepts.find((one) => one.finding === finding && one.entry === entry)?.span;
      if (span !== undefined) return { ...difference, causes: [{ what: "accepted", span }] };
    }
    return { ...difference, causes: [{ what: "the surface", span: own.span }] };
  });
}
