import * as v from "valibot";
import type { Json } from "../../engine/json.ts";
import { permissions } from "../../engine/permissions/permissions.ts";
import { path } from "../../engine/schema/types.ts";
import { defineStep } from "../../engine/step.ts";
import { ending, openEntries, withAuditLog } from "./audit_log.ts";

/**
 * Ends the entry that `release.open_audit` opened, with what came of it. Stands under `finally`. What
 * the pipeline cannot say of a bundle that was refused is taken from the refusal's own facts.
 */
export const auditRelease = defineStep({
  name: "release.audit",
  summary: "End the entry in the audit log",
  // A log is only ever added to: there is nothing to undo, and run again it finds its entry ended.
  effect: "none",
  params: v.strictObject({ root: path(), audit: path() }),
  late: v.strictObject({
    outcome: v.string(),
    reason: v.string(),
    to: v.string(),
    key_id: v.string(),
    bundle_sha256: v.string(),
  }),
  facts: v.strictObject({ outcome: v.string() }),
  example: `uses: release.audit
with:
  root: /opt/atp
  audit: /var/log/atp/audit.log
  outcome: \${{ run.outcome }}
  reason: \${{ run.reason }}
  to: "2.0.0"
  key_id: ""
  bundle_sha256: ""`,
  permissions: ({ audit }) => {
    const folder = audit.slice(0, audit.lastIndexOf("/")) || "/";
    return { run: permissions({ read: [folder], write: [folder] }) };
  },
  async run({ root, audit, outcome, reason, ...bundle }, ctx) {
    const refused = ctx.run.failure?.error.details ?? {};
    const known = (given: string, key: string) => given || text(refused[key]);
    return await withAuditLog(audit, ctx, async (chain) => {
      const own = openEntries(chain, root).find((entry) => entry.run === ctx.run.id);
      if (own === undefined) return { outcome }; // It was never opened, or is ended already.
      const entry = ending(own, ctx.clock.now(), {
        outcome,
        reason: reason || null,
        to: known(bundle.to, "offered"),
        key_id: known(bundle.key_id, "key_id"),
        bundle_sha256: known(bundle.bundle_sha256, "bundle_sha256"),
      });
      await chain.append(entry, { sync: true });
      return { outcome };
    });
  },
});

function text(value: Json | undefined): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
