import type { WrittenGrant } from "../lock/written_lock.ts";

/** What a reviewer would object to in a set, though each entry may be what somebody meant. */
export interface Finding {
  /** Stable kebab-case name of the kind, which `accepts` names. */
  readonly code: string;
  readonly severity: "error" | "warning";
  /** The entry that it is about. */
  readonly grant: WrittenGrant;
  /** No final full stop. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

/** The set of one surface, or of pipelines of none, as the launcher would start one process with it. */
export interface LintedSet {
  /** Paths with `/${project}` and the like for words, so that they compare. */
  readonly grants: readonly WrittenGrant[];
}

/** Looks for one kind of finding. Pure. */
export type Lint = (set: LintedSet) => readonly Finding[];

/** The entry of a grant as a person would search for it: a path, host, variable or program. */
export function entryOf(grant: WrittenGrant): string {
  return grant.kind === "run" ? grant.grant.program : grant.entry;
}
