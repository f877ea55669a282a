import { type ExitCode, exitCode } from "../../engine/errors.ts";
import { fold } from "../../engine/document/fold.ts";
import { audit as auditRun, type AuditReport } from "../../engine/permissions/audit.ts";
import { findRun } from "../launch/find_run.ts";
import type { Asked, Place } from "./port.ts";
import { readAuditedRun } from "./read_audited_run.ts";
import { renderAuditJson } from "./render_audit_json.ts";
import { renderAuditText } from "./render_audit_text.ts";

/**
 * `sluice audit RUN`: 0 when each process of a run attempted only what was declared, 1 when one
 * attempted more, or when a log is missing or damaged, so that it cannot be told.
 */
export async function audit(
  command: Asked<"audit">,
  { context, port }: Place,
): Promise<ExitCode> {
  const run = await findRun(context.runs, command.run);
  const { audited, plan, set, faults } = await readAuditedRun(run);
  const report = auditRun(audited);
  const shown = { run: run.id, plan, set, report, faults, ok: isSound(report, faults) };
  if (command.format === "json") port.out(renderAuditJson(shown));
  else {
    const columns = Math.max(context.columns, 80);
    port.out(fold(renderAuditText(shown, { cwd: context.cwd, columns }), columns));
  }
  return shown.ok ? exitCode.done : exitCode.differs;
}

function isSound(
  { processes, programs, unlogged }: AuditReport,
  faults: readonly string[],
): boolean {
  return faults.length === 0 && unlogged.length === 0 && programs.undeclared.length === 0 &&
    programs.refused.length === 0 &&
    processes.every(({ undeclared, damaged }) => undeclared.length === 0 && damaged.length === 0);
}
