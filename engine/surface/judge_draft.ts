import type { Diagnostic, Span } from "../diagnostic.ts";
import { faults } from "../document/faults.ts";
import { orderDiagnostics } from "../document/order_diagnostics.ts";
import { didYouMean } from "../document/suggest.ts";
import { grantId } from "../permissions/grant.ts";
import { entryOf, type Finding } from "../permissions/lint/finding.ts";
import { lints, lintSet } from "../permissions/lint/lints.ts";
import type { Accepted, WrittenGrant } from "../permissions/lock/written_lock.ts";
import { adHocName, type LockDraft, type SurfacePlaces } from "./draft_lock.ts";

/**
 * What a reviewer would object to in a lock, at the places that cause it: what no surface `accepts`,
 * and exceptions that nothing needs any more.
 */
export function judgeDraft({ lock, places }: LockDraft): readonly Diagnostic[] {
  const parts = [{ name: adHocName, ...lock.ad_hoc }, ...lock.surfaces];
  return orderDiagnostics(parts.flatMap(({ name, grants, accepts }) => {
    const own = places.get(name)!;
    const findings = lintSet(grants);
    return [
      ...findings.filter((finding) => !accepts.some((one) => isFor(one, finding)))
        .map((finding) => diagnosticOf(name, finding, own)),
      ...judgeAccepts(findings, own),
    ];
  }));
}

function isFor({ finding: code, entry }: Accepted, finding: Finding): boolean {
  return code === finding.code && entry === entryOf(finding.grant);
}

function diagnosticOf(name: string, finding: Finding, places: SurfacePlaces): Diagnostic {
  const { code, severity, grant, message, hint } = finding;
  const entry = JSON.stringify(entryOf(grant));
  return {
    severity,
    code,
    message: `${name}: ${grant.kind} ${entry}: ${message}`,
    hint:
      `${hint}; or accept it with a reason: accepts: [{ finding: ${code}, entry: ${entry}, … }]`,
    span: placeOfGrant(grant, places),
  };
}

/** Where a grant comes from: the entry of a ceiling, or the first step that needs it. */
export function placeOfGrant(grant: WrittenGrant, places: SurfacePlaces): Span {
  const causes = grant.why.flatMap((text) => places.causes.get(text) ?? []);
  return places.grants.get(grantId(bare(grant))) ?? causes[0] ?? places.span;
}

function bare(grant: WrittenGrant) {
  return grant.kind === "run"
    ? { kind: grant.kind, grant: grant.grant }
    : { kind: grant.kind, entry: grant.entry };
}

function judgeAccepts(
  findings: readonly Finding[],
  { accepts }: SurfacePlaces,
): readonly Diagnostic[] {
  const report = faults();
  for (const accepted of accepts) {
    const { finding, entry, span } = accepted;
    const codes = Object.keys(lints);
    if (!codes.includes(finding)) {
      const message = `there is no finding ${JSON.stringify(finding)}`;
      report.error("unknown-finding", span, message, didYouMean(finding, codes));
    } else if (!findings.some((one) => isFor(accepted, one))) {
      const entries = findings.filter(({ code }) => code === finding).map(({ grant }) =>
        entryOf(grant)
      );
      const message = `there is nothing to accept: ${finding} is not found for ${entry}`;
      report.error("nothing-to-accept", span, message, didYouMean(entry, entries) ?? "remove it");
    }
  }
  return report.found;
}
