import { covers } from "../covers.ts";
import { type Grant, grantId, setOfGrants } from "../grant.ts";
import { detailLines, inlineJson, lockLine } from "./print_lock.ts";
import { withoutWords } from "./words.ts";
import type {
  Accepted,
  WrittenCode,
  WrittenGrant,
  WrittenLock,
  WrittenSurface,
} from "./written_lock.ts";

/** One thing in which a lock is not as it should be. */
export interface LockDifference {
  /** Whether more is granted than the lock allows, less, or the same with other words. */
  readonly reach: "widened" | "narrowed" | "same";
  /** Name of the surface, or `ad_hoc`. */
  readonly surface: string;
  readonly subject: DifferenceSubject;
  /** The lines of the lock that it concerns, as they are. */
  readonly before: readonly string[];
  /** As they would be. */
  readonly after: readonly string[];
}

export type DifferenceSubject =
  | { readonly kind: "grant"; readonly grant: WrittenGrant }
  /** A pipeline that may use the surface. */
  | { readonly kind: "pipeline"; readonly path: string }
  /** A file of others that may be a step of its pipelines. */
  | { readonly kind: "code"; readonly file: string }
  /** A finding that is let stand. */
  | { readonly kind: "accepted"; readonly accepted: Accepted }
  /** Anything else that the surface says, such as `note`. */
  | { readonly kind: "detail"; readonly key: string };

/**
 * How a lock differs from what it should be. Whether a grant is a widening is decided by `covers`:
 * what the lock allows already in other words is none.
 *
 * @param before the lock as it is
 * @param after the lock as it should be
 */
export function compareLocks(before: WrittenLock, after: WrittenLock): readonly LockDifference[] {
  const names = [...before.surfaces, ...after.surfaces].map(({ name }) => name);
  const find = ({ surfaces }: WrittenLock, name: string) =>
    surfaces.find((surface) => surface.name === name);
  return [
    ...comparePart("ad_hoc", before.ad_hoc, after.ad_hoc),
    ...[...new Set(names)].sort().flatMap((name) =>
      comparePart(name, find(before, name), find(after, name))
    ),
  ];
}

/** A surface, or what of the lock is none; {@linkcode compareLocks} compares these. */
export type LockPart = Omit<Partial<WrittenSurface>, "grants" | "accepts"> & {
  readonly grants: readonly WrittenGrant[];
  readonly accepts: readonly Accepted[];
  readonly pipelines?: readonly string[];
  readonly pipeline?: string;
  readonly code?: readonly WrittenCode[];
};

/** How one part differs; `undefined` for one that is not there. */
export function comparePart(
  surface: string,
  before: LockPart | undefined,
  after: LockPart | undefined,
): readonly LockDifference[] {
  return [
    ...compareGrants(surface, before, after),
    ...comparePipelines(surface, before, after),
    ...compareCode(surface, before?.code ?? [], after?.code ?? []),
    ...compareAccepts(surface, before?.accepts ?? [], after?.accepts ?? []),
    ...compareDetails(surface, before, after),
  ];
}

function compareGrants(
  surface: string,
  before: LockPart | undefined,
  after: LockPart | undefined,
): readonly LockDifference[] {
  const old = before?.grants ?? [];
  const now = after?.grants ?? [];
  const oldIds = new Map(old.map((grant) => [grantId(grant), grant]));
  const nowIds = new Set(now.map(grantId));
  const added = now.filter((grant) => !oldIds.has(grantId(grant)));
  const removed = old.filter((grant) => !nowIds.has(grantId(grant)));
  const kept = now.flatMap((grant): readonly LockDifference[] => {
    const was = oldIds.get(grantId(grant));
    if (was === undefined) return [];
    const [old, now] = [detailLines(was), detailLines(grant)];
    if (old.join("\n") === now.join("\n")) return [];
    return [{
      reach: "same",
      surface,
      subject: { kind: "grant", grant },
      before: old.filter((line) => !now.includes(line)),
      after: now.filter((line) => !old.includes(line)),
    }];
  });
  const narrowed = removed.filter((grant) => !reaches(now, [grant]));
  // What takes the place of a wider entry is told beside that.
  const told = added.filter((grant) => narrowed.some((was) => reaches([was], [grant])));
  return [
    ...added.filter((grant) => !told.includes(grant)).map((grant): LockDifference => ({
      reach: reaches(old, [grant]) ? "same" : "widened",
      surface,
      subject: { kind: "grant", grant },
      before: removed.filter((was) => reaches([grant], [was])).map(lockLine),
      after: [lockLine(grant)],
    })),
    ...narrowed.map((grant): LockDifference => ({
      reach: "narrowed",
      surface,
      subject: { kind: "grant", grant },
      before: [lockLine(grant)],
      after: added.filter((is) => reaches([grant], [is])).map(lockLine),
    })),
    ...removed.filter((grant) =>
      // One that is told beside a widening, or stands within another entry that was there before.
      reaches(now, [grant]) && !added.some((is) => reaches([is], [grant]))
    ).map((grant): LockDifference => ({
      reach: "same",
      surface,
      subject: { kind: "grant", grant },
      before: [lockLine(grant)],
      after: [],
    })),
    ...kept,
  ];
}

function reaches(outer: readonly Grant[], inner: readonly Grant[]): boolean {
  return covers(withoutWords(setOfGrants(outer)), withoutWords(setOfGrants(inner))).covered;
}

function comparePipelines(
  surface: string,
  before: LockPart | undefined,
  after: LockPart | undefined,
): readonly LockDifference[] {
  const all = (part: LockPart | undefined) =>
    part?.pipelines ?? (part?.pipeline === undefined ? [] : [part.pipeline]);
  const [old, now] = [all(before), all(after)];
  const difference = (path: string, reach: LockDifference["reach"]): LockDifference => ({
    reach,
    surface,
    subject: { kind: "pipeline", path },
    before: old.includes(path) ? [JSON.stringify(path)] : [],
    after: now.includes(path) ? [JSON.stringify(path)] : [],
  });
  return [
    ...now.filter((path) => !old.includes(path)).map((path) => difference(path, "widened")),
    ...old.filter((path) => !now.includes(path)).map((path) => difference(path, "narrowed")),
  ];
}

/** Other code is code that nobody has agreed to. */
function compareCode(
  surface: string,
  before: readonly WrittenCode[],
  after: readonly WrittenCode[],
): readonly LockDifference[] {
  const lines = (all: readonly WrittenCode[], file: string) =>
    all.filter((one) => one.file === file)
      .map(({ digest }) => `${JSON.stringify(file)}: ${JSON.stringify(digest)}`);
  const has = (all: readonly WrittenCode[], { file, digest }: WrittenCode) =>
    all.some((one) => one.file === file && one.digest === digest);
  const difference = (file: string, reach: LockDifference["reach"]): LockDifference => ({
    reach,
    surface,
    subject: { kind: "code", file },
    before: lines(before, file),
    after: lines(after, file),
  });
  return [
    ...after.filter((one) => !has(before, one)).map(({ file }) => difference(file, "widened")),
    ...before.filter((one) => lines(after, one.file).length === 0)
      .map(({ file }) => difference(file, "narrowed")),
  ];
}

function compareAccepts(
  surface: string,
  before: readonly Accepted[],
  after: readonly Accepted[],
): readonly LockDifference[] {
  const line = ({ finding, entry, reason }: Accepted) => inlineJson({ finding, entry, reason });
  const old = before.map(line);
  const of = (accepted: Accepted) => ({ kind: "accepted", accepted }) as const;
  return [
    ...after.filter((one) => !old.includes(line(one))).map((one): LockDifference => ({
      reach: "widened",
      surface,
      subject: of(one),
      before: before.filter((was) => was.finding === one.finding && was.entry === one.entry)
        .map(line),
      after: [line(one)],
    })),
    ...before.filter((one) =>
      !after.some(({ finding, entry }) => finding === one.finding && entry === one.entry)
    ).map((one): LockDifference => ({
      reach: "narrowed",
      surface,
      subject: of(one),
      before: [line(one)],
      after: [],
    })),
  ];
}

function compareDetails(
  surface: string,
  before: LockPart | undefined,
  after: LockPart | undefined,
): readonly LockDifference[] {
  return (["kind", "note"] as const).flatMap((key): readonly LockDifference[] => {
    if (before?.[key] === after?.[key]) return [];
    const line = (part: LockPart | undefined) =>
      part?.[key] === undefined ? [] : [`${JSON.stringify(key)}: ${JSON.stringify(part[key])}`];
    return [{
      reach: "same",
      surface,
      subject: { kind: "detail", key },
      before: line(before),
      after: line(after),
    }];
  });
}
