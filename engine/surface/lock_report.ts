import type { Diagnostic, Span } from "../diagnostic.ts";
import { type Grant, grantId } from "../permissions/grant.ts";
import type { LockDifference } from "../permissions/lock/compare_locks.ts";
import type { LockPlaces } from "../permissions/lock/lock_places.ts";
import { lockFile } from "../permissions/lock/read_lock.ts";
import type { WrittenGrant } from "../permissions/lock/written_lock.ts";
import type { LockDraft, SurfacePlaces } from "./draft_lock.ts";
import { withOwnEscape } from "./judge_excess.ts";

/** What `sluice lock` and `sluice lock --check` have to say. */
export interface LockReport {
  /** Whether nothing is written: what is more than needed then stays, for anybody to use. */
  readonly check: boolean;
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
 * What is more than needed has no cause today: it is told where it lies, with whom it names.
 *
 * @param lock as it is, where there is one
 */
export function placeDifferences(
  differences: readonly LockDifference[],
  { places }: LockDraft,
  lock?: LockPlaces,
): readonly PlacedDifference[] {
  return differences.map((difference) => {
    const own = places.get(difference.surface);
    if (difference.reach === "narrowed") return placeExcess(difference, own, lock);
    return { ...difference, causes: causesOf(difference, own, lock) };
  });
}

/** Where what is more than needed lies: in the lock, or in a set that is held to it. */
function placeExcess(
  difference: LockDifference,
  own: SurfacePlaces | undefined,
  lock: LockPlaces | undefined,
): PlacedDifference {
  const { subject, surface } = difference;
  const gone = own === undefined
    ? [{ what: "the surface is gone", span: surfaceOf(surface, lock) }]
    : [];
  const inLock = lock?.subject(difference) ?? startOf(lockFile);
  if (subject.kind !== "grant") {
    const span = own?.lying === undefined ? inLock : own.span;
    return { ...difference, causes: [{ what: standing, span }, ...gone] };
  }
  const grant = withOwnEscape(subject.grant);
  const span = own?.lying === undefined
    ? inLock
    : own.lying.get(grantId(plainGrant(grant))) ?? own.span;
  // Whoever wrote the grant could write that somebody needs it.
  const named = grant.why.map((text): PlacedCause => {
    const step = text.replace(/ in .*$/, "");
    const today = own?.causes.get(text);
    return today === undefined
      ? { what: `said to be for ${step}, which is not there,`, span }
      : { what: `said to be for ${step}`, span: today };
  });
  return {
    ...difference,
    subject: { kind: "grant", grant },
    causes: [{ what: standing, span }, ...gone, ...named, ...valuesOf(grant, own)],
  };
}

const standing = "it stands";

function causesOf(
  { surface, subject, after }: LockDifference,
  own: SurfacePlaces | undefined,
  lock: LockPlaces | undefined,
): readonly PlacedCause[] {
  if (own === undefined) return [{ what: "the surface is gone", span: surfaceOf(surface, lock) }];
  if (subject.kind === "grant") {
    const causes = causesOfGrant(subject.grant, own);
    if (causes.length > 0) return causes;
  }
  if (subject.kind === "accepted") {
    const { finding, entry } = subject.accepted;
    const span = own.accepts.find((one) => one.finding === finding && one.entry === entry)?.span;
    if (span !== undefined) return [{ what: "accepted", span }];
  }
  if (subject.kind === "code" && after.length > 0) {
    return [{ what: "its code", span: startOf(subject.file) }];
  }
  return [{ what: "the surface", span: own.span }];
}

function causesOfGrant(grant: WrittenGrant, own: SurfacePlaces): readonly PlacedCause[] {
  const steps = grant.why.map((text): PlacedCause => ({
    what: text.replace(/ in .*$/, ""),
    span: own.causes.get(text) ?? own.span,
  }));
  const written = own.grants.get(grantId(plainGrant(grant)));
  const ceiling = written === undefined ? [] : [{ what: "written in its ceiling", span: written }];
  return [...steps, ...valuesOf(grant, own), ...ceiling];
}

/** The values on which the permissions of the steps depend that a grant is for. */
function valuesOf({ why }: WrittenGrant, own: SurfacePlaces | undefined): readonly PlacedCause[] {
  const values = new Map(
    why.flatMap((text) => own?.values?.get(text) ?? []).map((one) => [one.name, one]),
  );
  return [...values.values()].map(({ name, span }) => ({
    what: `its value of ${name}`,
    span,
    isValue: true,
  }));
}

/** Without what the lock says of it. */
function plainGrant(grant: WrittenGrant): Grant {
  return grant.kind === "run"
    ? { kind: "run", grant: grant.grant }
    : { kind: grant.kind, entry: grant.entry };
}

function startOf(file: string): Span {
  return { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
}

/** What is in no text any more stands in the lock itself. */
function surfaceOf(name: string, lock: LockPlaces | undefined): Span {
  return lock?.surface(name) ?? startOf(lockFile);
}
