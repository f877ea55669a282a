/**
 * `pipelines/surfaces.yaml` as people wrote it: every value with its place, no pipeline looked at
 * yet. Made by `parseSurfaces` (text → Surfaces), consumed by `resolveSurfaces`, which computes sets.
 *
 * @module
 */
import type { Span } from "../diagnostic.ts";
import type { Entry, Placed } from "../document/document.ts";
import type { TokenForm } from "../events/token_form.ts";
import type { Grant } from "../permissions/grant.ts";
import type { Accepted } from "../permissions/lock/written_lock.ts";

export interface Surfaces {
  readonly file: string;
  /** The whole text, for excerpts. */
  readonly text: string;
  readonly ad_hoc: AdHoc;
  /** In the order of the text. */
  readonly surfaces: readonly DeclaredSurface[];
}

/** What pipelines of no surface may be given without being asked for by digest. */
export interface AdHoc {
  readonly ceiling: Ceiling;
  readonly accepts: readonly PlacedAccepted[];
  readonly span: Span;
}

export type DeclaredSurface = DeclaredOpen | DeclaredFixed;

interface Declared {
  readonly name: Placed<string>;
  readonly note?: Placed<string>;
  readonly accepts: readonly PlacedAccepted[];
}

/** Each run gets the set that its plan needs, within a ceiling. */
export interface DeclaredOpen extends Declared {
  readonly kind: "open";
  /** Paths relative to the project. */
  readonly pipelines: readonly Placed<string>[];
  readonly ceiling: Ceiling;
  /** What a kit of it writes to standard output; tokens, a line each, by default. */
  readonly tokens?: Placed<TokenForm>;
}

/** One pipeline whose set is known, because what it depends on has its values here. */
export interface DeclaredFixed extends Declared {
  readonly kind: "fixed";
  /** Path relative to the project. */
  readonly pipeline: Placed<string>;
  /** Values of parameters, as they stand in the text. */
  readonly params: readonly Entry[];
}

/** A set that a person wrote: paths may begin with `${project}`, `${runs}` and `${tmp}`. */
export type Ceiling = readonly PlacedGrant[];

export type PlacedGrant = Grant & { readonly span: Span };

export type PlacedAccepted = Accepted & { readonly span: Span };
