import type { Diagnostic } from "../diagnostic.ts";
import { renderGithub } from "../document/render_github.ts";
import type { LockFormat } from "./lock_format.ts";
import { renderLockText, showSubject } from "./render_lock_text.ts";
import type { LockReport, PlacedDifference } from "./lock_report.ts";

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
      return renderGithub([...report.differences.map(annotation), ...report.findings]);
  }
}

function annotation(difference: PlacedDifference): Diagnostic {
  const { reach, surface, subject, causes, before, after } = difference;
  const [cause, ...others] = causes;
  const more = others.map(({ what, span }) => `also ${what} at ${span.file}:${span.line}`);
  const lines = [...before.map((line) => `- ${line}`), ...after.map((line) => `+ ${line}`)];
  const what = showSubject(subject).replace(/ +/g, " ");
  return {
    severity: reach === "widened" ? "error" : "warning",
    code: reach === "same" ? "lock-differs" : `lock-${reach}`,
    message: [`${surface} ${reach}: ${what} (${cause!.what})`, ...more, ...lines].join("\n"),
    span: cause!.span,
  };
}

/**
 * `{schemaVersion: 1, differences: [{reach, surface, kind, …, causes, before, after}], findings}`; a
 * `kind` of permission has `entry` or `program`, `args` and the like.
 */
function renderLockJson({ differences, findings }: LockReport): string {
  const place = ({ span }: { readonly span: Diagnostic["span"] }) => ({
    file: span.file,
    line: span.line,
    column: span.column,
  });
  const value = {
    schemaVersion: 1,
    differences: differences.map(({ reach, surface, subject, causes, before, after }) => ({
      reach,
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
