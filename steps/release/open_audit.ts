import * as v from "valibot";
import { InvalidInputError } from "../../engine/errors.ts";
import { permissions } from "../../engine/permissions/permissions.ts";
import { path } from "../../engine/schema/types.ts";
import { defineStep } from "../../engine/step.ts";
import { actor, actorVariables } from "./actor.ts";
import { type AuditEntry, ending, openEntries, withAuditLog } from "./audit_log.ts";
import { hookPolicy } from "./hook.ts";
import { installedVersion, layout } from "./layout.ts";

/**
 * Opens an entry in the audit log before anything is changed; `release.audit` under `finally` ends
 * it. An entry of the same root that a kill left open is ended first, as `interrupted`: whoever holds
 * the lock of the root knows that nobody else is at work. To be used after `release.lock`.
 */
export const openAudit = defineStep({
  name: "release.open_audit",
  summary: "Open an entry in the audit log",
  // A log is only ever added to: there is nothing to undo, and run again it finds its entry open.
  effect: "none",
  params: v.strictObject({
    root: path(),
    audit: path(),
    action: v.picklist(["apply", "rollback"]),
    allow_downgrade: v.optional(v.boolean(), false),
    force: v.optional(v.boolean(), false),
    hooks: v.optional(hookPolicy, "refuse"),
  }),
  facts: v.strictObject({
    /** Runs whose entry a kill had left open. */
    interrupted: v.array(v.string()),
  }),
  example: `uses: release.open_audit
with:
  root: /opt/atp
  audit: /var/log/atp/audit.log
  action: apply`,
  permissions: ({ root, audit }) => ({
    run: permissions({
      read: [layout(root).current, folderOf(audit)],
      write: [folderOf(audit)],
      env: [...actorVariables],
      sys: ["uid"],
    }),
  }),
  async run({ root, audit, action, ...rules }, ctx) {
    const now = ctx.clock.now();
    const overrides = [
      ...(rules.allow_downgrade ? ["allow_downgrade"] : []),
      ...(rules.force ? ["force"] : []),
      ...(rules.hooks === "refuse" ? [] : [`hooks: ${rules.hooks}`]),
    ];
    const entry: AuditEntry = {
      v: 1,
      time: now.toISOString(),
      run: ctx.run.id,
      actor: actor(),
      action,
      root,
      from: await versionBefore(root),
      to: null,
      bundle_sha256: null,
      key_id: null,
      overrides,
      outcome: "started",
      reason: null,
      duration_s: 0,
    };
    return await withAuditLog(audit, ctx, async (chain) => {
      const interrupted: string[] = [];
      let own = false;
      for (const open of openEntries(chain, root)) {
        if (open.run === ctx.run.id) {
          own = true; // This run goes on after a crash; its entry stays open.
          continue;
        }
        const reason = `it was cut off; run ${ctx.run.id} found it so`;
        await chain.append(ending(open, now, { outcome: "interrupted", reason }), { sync: true });
        ctx.emit.note(`run ${open.run} had been cut off`);
        interrupted.push(open.run);
      }
      if (!own) await chain.append(entry, { sync: true });
      return { interrupted };
    });
  },
});

/** What is installed, as far as it can be told: what is no link is refused later, and audited. */
async function versionBefore(root: string): Promise<string | null> {
  try {
    return await installedVersion(root) ?? null;
  } catch (error) {
    if (error instanceof InvalidInputError) return null;
    throw error;
  }
}

function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf("/")) || "/";
}
