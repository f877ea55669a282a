import { setOfGrants } from "../grant.ts";
import type { Permissions } from "../permissions.ts";
import type { WrittenLock, WrittenSurface } from "./written_lock.ts";

/** `permissions.lock.json`, as far as running needs it. */
export interface Lock {
  readonly schemaVersion: 1;
  /** What a pipeline of no surface may be given without `--accept`. */
  readonly ad_hoc: { readonly ceiling: Permissions };
  readonly surfaces: Readonly<Record<string, Surface>>;
}

/** A deployable program with its permission set. */
export type Surface = OpenSurface | FixedSurface;

/** Each run is launched with the set that its plan computes, within a ceiling that a person wrote. */
export interface OpenSurface {
  readonly kind: "open";
  /** Paths of its pipelines, relative to the project. */
  readonly pipelines: readonly string[];
  readonly ceiling: Permissions;
  /** Digests of the code that may be its steps of others; absent for none. */
  readonly code?: readonly string[];
  readonly note?: string;
}

/** Every parameter that permissions depend on has its value: the set is known, and locked. */
export interface FixedSurface {
  readonly kind: "fixed";
  /** Path of its pipeline, relative to the project. */
  readonly pipeline: string;
  /** Exactly what it is launched with, the folder of the run aside. */
  readonly set: Permissions;
  readonly note?: string;
}

/** What running needs of a lock. */
export function lockOf({ ad_hoc, surfaces }: WrittenLock): Lock {
  return {
    schemaVersion: 1,
    ad_hoc: { ceiling: setOfGrants(ad_hoc.grants) },
    surfaces: Object.fromEntries(surfaces.map((surface) => [surface.name, surfaceOf(surface)])),
  };
}

function surfaceOf(surface: WrittenSurface): Surface {
  const set = setOfGrants(surface.grants);
  const note = surface.note === undefined ? {} : { note: surface.note };
  return surface.kind === "open"
    ? {
      kind: "open",
      pipelines: surface.pipelines,
      ceiling: set,
      ...(surface.code && { code: surface.code.map(({ digest }) => digest) }),
      ...note,
    }
    : { kind: "fixed", pipeline: surface.pipeline, set, ...note };
}
