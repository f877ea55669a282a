import type { Escape } from "../escape.ts";
import type { Grant } from "../grant.ts";

/** `permissions.lock.json` with all that is in it for people. What a launch needs of it is a `Lock`. */
export interface WrittenLock {
  readonly ad_hoc: WrittenSet;
  /** In the order of their names. */
  readonly surfaces: readonly WrittenSurface[];
}

export type WrittenSurface =
  & {
    readonly name: string;
    readonly note?: string;
  }
  & WrittenSet
  & (
    | {
      readonly kind: "open";
      readonly pipelines: readonly string[];
      /** Of the steps of others that its pipelines use, in the order of their files; absent for none. */
      readonly code?: readonly WrittenCode[];
    }
    | { readonly kind: "fixed"; readonly pipeline: string }
  );

/** A ceiling as it was written, or the set of a fixed surface: paths with words. */
export interface WrittenSet {
  /** Programs first. */
  readonly grants: readonly WrittenGrant[];
  /** Findings that a person has looked at and lets stand. */
  readonly accepts: readonly Accepted[];
}

/** A file that is a step of others. */
export interface WrittenCode {
  /** Path relative to the project. */
  readonly file: string;
  /** `sha256:…` */
  readonly digest: string;
}

export type WrittenGrant = Grant & {
  /** Who needs it, as {@linkcode showCause} writes it; of a ceiling nobody knows. */
  readonly why: readonly string[];
  /** Of a program with a bare name: its real path, where it was found the last time. */
  readonly path?: string;
  /** Of a program. */
  readonly escape?: Escape;
};

/** An exception that was reviewed. */
export interface Accepted {
  /** Code of the finding, such as `unscoped`. */
  readonly finding: string;
  /** The path, host, variable or program that it is about, as the surface spells it. */
  readonly entry: string;
  readonly reason: string;
}
