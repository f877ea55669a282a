import type { Json, JsonObject } from "../../engine/json.ts";
import type { Attempt } from "../../engine/permissions/attempt.ts";
import type { Why } from "../../engine/permissions/explain.ts";
import { blind, type ShownAudit } from "./audit_report.ts";

/** An audit for programs. Times are ISO 8601, UTC, by the second. */
export function renderAuditJson({ run, plan, set, report, faults, ok }: ShownAudit): string {
  const { processes, programs, unused, unseen, unexercised, unlogged } = report;
  const value = {
    schemaVersion: 1,
    run,
    pipeline: plan.name,
    file: plan.file,
    set,
    ok,
    faults,
    processes: processes.map((process) => ({
      start: process.start,
      process: process.step ?? "runner",
      checks: process.checks,
      things: process.things,
      undeclared: process.undeclared.map(({ attempt, count, first, last, steps }) => ({
        ...showAttempt(attempt),
        count,
        first: time(first),
        last: time(last),
        steps,
      })),
      damaged_lines: process.damaged,
      torn: process.torn,
      addresses_with_user_or_query: process.secretive,
    })),
    unlogged_starts: unlogged,
    programs: {
      started: programs.started,
      undeclared: programs.undeclared,
      refused: programs.refused,
      unfinished: programs.unfinished,
    },
    never_attempted: unused.map(({ why: [why], ...grant }) => ({
      ...grant.kind === "run"
        ? { kind: grant.kind, grant: grant.grant }
        : { kind: grant.kind, entry: grant.entry },
      ...showWhy(why),
    })),
    seen_by_programs: unseen.flatMap((grant) =>
      grant.kind === "run" ? [] : [{
        kind: grant.kind,
        entry: grant.entry,
        programs: [...new Set(grant.programs.map(({ program }) => program))],
        ...showWhy(grant.why[0]),
      }]
    ),
    not_judged: unexercised.map(({ why, reason }) => ({ ...showWhy(why), reason })),
    not_shown_by_any_log: blind,
  };
  return JSON.stringify(value as unknown as Json, null, 2) + "\n";
}

function showAttempt(attempt: Attempt): JsonObject {
  switch (attempt.kind) {
    case "read":
    case "write":
      return { permission: attempt.kind, value: attempt.path };
    case "net":
      return { permission: "net", value: attempt.endpoint };
    case "env":
    case "sys":
      return { permission: attempt.kind, value: attempt.name };
    case "other":
      return { permission: attempt.permission, value: attempt.value ?? null };
    case "unclear":
      return { permission: attempt.permission, value: attempt.value, unclear: true };
  }
}

function showWhy({ step, uses, phase, file, line }: Why) {
  return { step, uses, phase, file, line };
}

function time(ms: number): string {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}
