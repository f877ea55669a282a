import type { Span } from "../diagnostic.ts";
import { escapeOf } from "../permissions/escape.ts";
import { covers } from "../permissions/covers.ts";
import { declaredBy } from "../permissions/derive.ts";
import { explain } from "../permissions/explain.ts";
import { type Grant, grantId, grantsOf, setOfGrants } from "../permissions/grant.ts";
import { type Cause, showCause } from "../permissions/lock/cause.ts";
import { withWords } from "../permissions/lock/words.ts";
import type {
  Accepted,
  WrittenGrant,
  WrittenLock,
  WrittenSurface,
} from "../permissions/lock/written_lock.ts";
import { normalise } from "../permissions/normalise.ts";
import type { Plan } from "../plan/plan.ts";
import type { ResolvedSurface } from "./resolve_surfaces.ts";
import type { AdHoc, Ceiling, PlacedAccepted } from "./surfaces.ts";

/** The lock as it should be, with the place in the texts of everything in it. */
export interface LockDraft {
  readonly lock: WrittenLock;
  /** By the names of surfaces; `ad_hoc` for pipelines of none. */
  readonly places: ReadonlyMap<string, SurfacePlaces>;
}

export interface SurfacePlaces {
  /** Of the surface itself. */
  readonly span: Span;
  /** Of the entries of a ceiling, by `grantId`. */
  readonly grants: ReadonlyMap<string, Span>;
  /** Of every step of a fixed surface, by the text of the cause that it may be. */
  readonly causes: ReadonlyMap<string, Span>;
  /** By the same texts, the values that the surface gives and that step's permissions depend on. */
  readonly values?: ReadonlyMap<string, readonly PlacedValue[]>;
  readonly accepts: readonly PlacedAccepted[];
  /** Of what is not in the lock: where its grants stand, by `grantId`. */
  readonly lying?: ReadonlyMap<string, Span>;
}

/** A value that a fixed surface gives a parameter. */
export interface PlacedValue {
  readonly name: string;
  readonly span: Span;
}

/** What pipelines of no surface are called where surfaces are. */
export const adHocName = "ad_hoc";

/**
 * What `permissions.lock.json` should say: the same on every machine, but for the paths of programs.
 *
 * @param paths real paths of programs with bare names; of one that is left out nothing is said
 */
export function draftLock(
  ad_hoc: AdHoc,
  surfaces: readonly ResolvedSurface[],
  paths: Readonly<Record<string, string>>,
): LockDraft {
  const written = surfaces.map((surface): [WrittenSurface, SurfacePlaces] => {
    const { declared } = surface;
    const { name: { value: name, span }, note } = declared;
    const common = {
      name,
      ...(note === undefined ? {} : { note: note.value }),
      accepts: withoutPlaces(declared.accepts),
    };
    if ("plan" in surface) {
      const { pipeline } = surface.declared;
      const { grants, causes, values } = exactGrants(surface);
      return [
        { ...common, kind: "fixed", pipeline: pipeline.value, grants: judge(grants, paths) },
        { span, grants: new Map(), causes, values, accepts: declared.accepts },
      ];
    }
    const { declared: { pipelines, ceiling }, code } = surface;
    return [
      {
        ...common,
        kind: "open",
        pipelines: pipelines.map(({ value }) => value),
        ...(code.length === 0 ? {} : { code }),
        grants: judge(ceilingGrants(ceiling), paths),
      },
      { span, grants: placesOf(ceiling), causes: new Map(), accepts: declared.accepts },
    ];
  }).sort(([{ name: a }], [{ name: b }]) => (a < b ? -1 : 1));
  return {
    lock: {
      ad_hoc: {
        grants: judge(ceilingGrants(ad_hoc.ceiling), paths),
        accepts: withoutPlaces(ad_hoc.accepts),
      },
      surfaces: written.map(([surface]) => surface),
    },
    places: new Map([
      [adHocName, {
        span: ad_hoc.span,
        grants: placesOf(ad_hoc.ceiling),
        causes: new Map(),
        accepts: ad_hoc.accepts,
      }],
      ...written.map(([{ name }, places]) => [name, places] as const),
    ]),
  };
}

/** The bare names of all programs, each once. */
export function programNames(
  ad_hoc: AdHoc,
  surfaces: readonly ResolvedSurface[],
): readonly string[] {
  const grants: readonly Grant[] = [
    ...ad_hoc.ceiling,
    ...surfaces.flatMap((surface) =>
      "plan" in surface ? grantsOf(declaredBy(surface.plan)) : surface.declared.ceiling
    ),
  ];
  const programs = grants.flatMap((one) => one.kind === "run" ? [one.grant.program] : []);
  return [...new Set(programs.filter((program) => !/^[/$]/.test(program)))].sort();
}

/** The reduced set of a plan; each entry with everybody who needs it or something below it. */
function exactGrants({ plan, declared, decisive }: Extract<ResolvedSurface, { plan: Plan }>) {
  const groups = new Map(plan.groups.flatMap(({ id, members }) => members.map((m) => [m, id])));
  const textOf = ({ step, uses, phase, file }: Cause) =>
    showCause({ step: groups.get(step) ?? step, uses, phase, file });
  const causes = new Map<string, Span>();
  const values = new Map<string, readonly PlacedValue[]>();
  for (const { id: step, uses, span } of [...plan.steps, ...plan.finally]) {
    const given = declared.params.filter(({ key }) =>
      decisive.get(key)?.steps.includes(groups.get(step) ?? step)
    ).map(({ key: name, keySpan: span }) => ({ name, span }));
    for (const phase of ["run", "undo"] as const) {
      const text = textOf({ step, uses, phase, file: span.file });
      causes.set(text, span);
      values.set(text, given);
    }
  }
  const explained = explain(plan);
  const grants = grantsOf(normalise(declaredBy(plan))).map((grant): WrittenGrant => {
    const set = setOfGrants([grant]);
    const why = explained.filter((one) => covers(set, setOfGrants([one])).covered)
      .flatMap(({ why }) => why).map(textOf);
    const [worded] = grantsOf(withWords(set));
    return { ...worded!, why: [...new Set(why)] };
  });
  return { grants: byProgram(grants), causes, values };
}

/** Programs in the order of their names and arguments: what belongs together stands together. */
function byProgram(grants: readonly WrittenGrant[]): readonly WrittenGrant[] {
  const command = (one: WrittenGrant) =>
    one.kind === "run" ? [one.grant.program, ...one.grant.args].join("\0") : "";
  return grants.toSorted((a, b) => {
    if (a.kind !== "run" || b.kind !== "run") return 0;
    return command(a) < command(b) ? -1 : command(a) > command(b) ? 1 : 0;
  });
}

function ceilingGrants(ceiling: Ceiling): readonly WrittenGrant[] {
  return ceiling.map(({ span: _, ...grant }) => ({ ...grant, why: [] }));
}

function judge(
  grants: readonly WrittenGrant[],
  paths: Readonly<Record<string, string>>,
): readonly WrittenGrant[] {
  return grants.map((one) => {
    if (one.kind !== "run") return one;
    const { program } = one.grant;
    const path = Object.hasOwn(paths, program) ? { path: paths[program]! } : {};
    return { ...one, ...path, escape: escapeOf(one.grant) };
  });
}

function placesOf(ceiling: Ceiling): ReadonlyMap<string, Span> {
  return new Map(ceiling.map(({ span, ...grant }) => [grantId(grant as Grant), span]));
}

function withoutPlaces(accepts: readonly PlacedAccepted[]): readonly Accepted[] {
  return accepts.map(({ finding, entry, reason }) => ({ finding, entry, reason }));
}
