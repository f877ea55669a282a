import { expand, type Places } from "../../engine/permissions/expand.ts";
import type { Lock, Surface } from "../../engine/permissions/lock/lock.ts";
import { lockFile } from "../../engine/permissions/lock/read_lock.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import { union } from "../../engine/permissions/union.ts";
import type { AskedSet } from "./planner_protocol.ts";
import { realPath, realPaths } from "./real_paths.ts";

/** A ceiling with what it is called in messages. */
export interface NamedCeiling {
  readonly name: string;
  readonly ceiling: Permissions;
  /** Digests of code of others that may run within it. */
  readonly code: readonly string[];
}

/** What a set has to be compared with. */
export type CeilingChoice =
  | { readonly kind: "ceilings"; readonly ceilings: readonly NamedCeiling[] }
  /** The lock has no such surface, or it has not that pipeline. */
  | { readonly kind: "none"; readonly why: string };

/** What there is to do where a signature is required and no ceiling covers a set. */
export const signedHint =
  "nothing is accepted beside a signed lock: widen a ceiling, or list the " +
  "pipeline under a surface that has one, then sluice lock, and sign again";

/** Where the user finds out why the lock does not know something. */
export const lockHint = "sluice lock --check shows what changed";

/**
 * The ceilings of which one has to cover a set: that of the surface that was named; else those of the
 * open surfaces that list its pipeline, and for a run that began before the sets of fixed ones, too;
 * else that of pipelines of no surface. The file is compared by its real path, so that a link elsewhere
 * is no way into a surface, nor out of it.
 */
export function chooseCeilings(
  lock: Lock,
  { file, surface: wanted, begun = false }: Omit<AskedSet, "permissions">,
  places: Places,
): CeilingChoice {
  const path = file === undefined ? undefined : withinProject(file, places.project);
  if (wanted !== undefined) return named(lock, wanted, path, places);
  const listed = Object.entries(lock.surfaces).filter(([, surface]) =>
    path !== undefined && pipelinesOf(surface).includes(path) && (begun || surface.kind === "open")
  );
  const adHoc: NamedCeiling = {
    name: "the ceiling of pipelines of no surface (ad_hoc)",
    ceiling: expandReal(lock.ad_hoc.ceiling, places),
    code: [],
  };
  return {
    kind: "ceilings",
    ceilings: listed.length === 0
      ? [adHoc]
      : listed.map(([name, surface]) => ceilingOf(name, surface, places)),
  };
}

function named(lock: Lock, name: string, path: string | undefined, places: Places): CeilingChoice {
  const surface = Object.hasOwn(lock.surfaces, name) ? lock.surfaces[name] : undefined;
  if (surface === undefined) return { kind: "none", why: `${lockFile} has no surface ${name}` };
  const pipelines = pipelinesOf(surface);
  if (path === undefined || !pipelines.includes(path)) {
    const why = `the surface ${name} in ${lockFile} is for ${pipelines.join(", ")} alone`;
    return { kind: "none", why };
  }
  return { kind: "ceilings", ceilings: [ceilingOf(name, surface, places)] };
}

function pipelinesOf(surface: Surface): readonly string[] {
  return surface.kind === "open" ? surface.pipelines : [surface.pipeline];
}

function ceilingOf(name: string, surface: Surface, places: Places): NamedCeiling {
  return surface.kind === "open"
    ? {
      name: `the ceiling of the surface ${name}`,
      ceiling: expandReal(surface.ceiling, places),
      code: surface.code ?? [],
    }
    : {
      name: `the locked set of the surface ${name}`,
      ceiling: expandReal(surface.set, places),
      code: [],
    };
}

/** A file's path relative to the project, both behind links; `undefined` where it lies elsewhere. */
export function withinProject(file: string, project: string): string | undefined {
  const root = `${realPath(project)}/`;
  const real = realPath(file);
  return real.startsWith(root) ? real.slice(root.length) : undefined;
}

/**
 * The ceiling as it is spelled and as it is behind links: a run is compared in both ways. Below
 * `${tmp}` nothing is resolved: others may put links there.
 */
function expandReal(ceiling: Permissions, places: Places): Permissions {
  const real: Places = {
    project: realPath(places.project),
    runs: realPath(places.runs),
    tmp: realPath(places.tmp),
  };
  return union(expand(ceiling, places), expand(realPaths(ceiling), real));
}
