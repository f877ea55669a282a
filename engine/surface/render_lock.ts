import type { Diagnostic } from "../diagnostic.ts";
import { renderGithub } from "../document/render_github.ts";
import type { LockFormat } from "./lock_format.ts";
import {
  gravestFirst,
  renderLockText,
  showEscape,
  showSubject,
  toldReach,
} from "./render_lock_text.ts";
import type { LockReport, PlacedCause, PlacedDifference } from "./lock_report.ts";

/**
 * What `sluice lock --check` writes to standard output: for people (findings are shown apart, with
 * excerpts), as JSON, or as GitHub annotations at the lines that cause the differences.
 */
export function renderLock(format: LockFormat, report: LockReport): string {
  switch (format) {
    case "text":
      return renderLockText(report);
    case "json":
      return renderLockJson(report);
    case "github":
      return renderGithub([
        ...gravestFirst(report.differences).map((one) => annotation(one, report)),
        ...valueAnnotations(report.differences),
        ...report.findings,
      ]);
  }
}

/** How a difference is called where its title does not stand beside it. */
const reaches = {
  widened: "may do more",
  excess: "allows more than is needed",
  narrowed: "may do less",
  same: "differs",
} as const;

/**
 * One at each value of a surface that may be what was changed: GitHub shows none beside lines that a
 * pull request does not touch, such as those of the step.
 */
function valueAnnotations(differences: readonly PlacedDifference[]): readonly Diagnostic[] {
  const all = differences.flatMap(({ surface, causes }) =>
    causes.filter(({ isValue }) => isValue).map((cause) => ({ ...cause, surface }))
  );
  const places = Map.groupBy(all, ({ surface, what }) => `${surface} ${what}`);
  return [...places.values()].map((found): Diagnostic => {
    const { surface, what, span } = found[0]!;
    return {
      severity: "warning",
      code: "lock-value",
      message: `${surface}: ${what} decides what ${found.length} of its differences are about`,
      span,
    };
  });
}

/** A place that is the surface itself says no more than the name. */
function showCause({ what }: PlacedCause): string {
  return what === "the surface" || what === "it stands" ? "" : ` (${what})`;
}

function annotation(difference: PlacedDifference, report: LockReport): Diagnostic {
  const { surface, subject, causes, before, after } = difference;
  const reach = toldReach(difference.reach, report);
  const [cause, ...others] = causes;
  const more = others.map(({ what, span }) => `also ${what} at ${span.file}:${span.line}`);
  const lines = [...before.map((line) => `- ${line}`), ...after.map((line) => `+ ${line}`)];
  return {
    severity: reach === "widened" || reach === "excess" ? "error" : "warning",
    code: reach === "same" ? "lock-differs" : `lock-${reach}`,
    message: [
      `${surface} ${reaches[reach]}: ${showSubject(subject).replace(/ +/g, " ")}` +
      showCause(cause!),
      ...showEscape(subject),
      ...more,
      ...lines,
    ].join("\n"),
    span: cause!.span,
  };
}

/**
 * `{schemaVersion: 1, differences: [{reach, surface, kind, …, causes, before, after}], findings}`; a
 * `kind` of permission has `entry` or `program`, `args` and the like.
 */
function renderLockJson(report: LockReport): string {
  const { differences, findings } = report;
  const place = ({ span }: { readonly span: Diagnostic["span"] }) => ({
    file: span.file,
    line: span.line,
    column: span.column,
  });
  const value = {
    schemaVersion: 1,
    differences: differences.map(({ reach, surface, subject, causes, before, after }) => ({
      reach: toldReach(reach, report),
      surface,
      ...subjectJson(subject),
      causes: causes.map((cause) => ({ what: cause.what, ...place(cause) })),
      before,
      after,
    })),
    findings: findings.map((finding) => {
      const { severity, code, message, hint } = finding;
      return {
        severity,
        code,
        message,
        ...(hint === undefined ? {} : { hint }),
        ...place(finding),
      };
    }),
  };
  return JSON.stringify(value, null, 2) + "\n";
}

function subjectJson(subject: PlacedDifference["subject"]) {
  switch (subject.kind) {
    case "grant": {
      const { grant } = subject;
      return grant.kind === "run"
        ? { kind: "run", ...grant.grant, escape: grant.escape?.class, reason: grant.escape?.reason }
        : { kind: grant.kind, entry: grant.entry };
    }
    case "pipeline":
      return { kind: "pipeline", path: subject.path };
    case "code":
      return { kind: "code", file: subject.file };
    case "accepted":
      return { kind: "accepted", ...subject.accepted };
    case "detail":
      return { kind: "detail", key: subject.key };
  }
}
