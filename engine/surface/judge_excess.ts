import type { Diagnostic, Span } from "../diagnostic.ts";
import { escapeOf } from "../permissions/escape.ts";
import { grantId } from "../permissions/grant.ts";
import { entryOf, type Finding } from "../permissions/lint/finding.ts";
import { lintSet } from "../permissions/lint/lints.ts";
import type { WrittenGrant } from "../permissions/lock/written_lock.ts";

/** A set as it lies in a file, and as it should be. */
export interface LyingSet {
  /** What differences call it. */
  readonly name: string;
  readonly before: readonly WrittenGrant[];
  readonly after: readonly WrittenGrant[];
  /** Where a grant stands in the file. */
  placeOf(grant: WrittenGrant): Span;
}

/**
 * What a reviewer would object to in a set as it lies, and would not in the set as it should be. What
 * the file says of it, an exception or the class of a program, is not believed: whoever wrote the
 * grant could write that.
 */
export function judgeExcess({ name, before, after, placeOf }: LyingSet): readonly Diagnostic[] {
  const judged = before.map(withOwnEscape);
  const meant = new Set(lintSet(after.map(withOwnEscape)).map(idOf));
  return lintSet(judged).filter((finding) => !meant.has(idOf(finding))).map((finding) => {
    const { code, severity, grant, message } = finding;
    return {
      severity,
      code,
      message: `${name}, as it lies: ${grant.kind} ${JSON.stringify(entryOf(grant))}: ${message}`,
      hint: "sluice lock takes it away, unless a pipeline needs it",
      span: placeOf(grant),
    };
  });
}

/** A grant of a program with the class that it has, whatever a file says. */
export function withOwnEscape(one: WrittenGrant): WrittenGrant {
  return one.kind === "run" ? { ...one, escape: escapeOf(one.grant) } : one;
}

function idOf({ code, grant, message }: Finding): string {
  return `${code} ${grantId(grant)} ${message}`;
}
