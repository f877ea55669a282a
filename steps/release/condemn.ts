import * as v from "valibot";
import { none, permissions } from "../../engine/permissions/permissions.ts";
import { union } from "../../engine/permissions/union.ts";
import { path } from "../../engine/schema/types.ts";
import { defineStep } from "../../engine/step.ts";
import { permissionsOfServices } from "../service/service_manager.ts";
import { services } from "../service/service_ref.ts";
import { markBad } from "./bad_release.ts";
import { writeRollbackLog } from "./rollback_log.ts";

/**
 * Stands right before the step that starts a new release. Its work is in its undo: while the new
 * release is stopped and the old one not yet started, it keeps the reason and the last lines of the
 * services' logs, and marks the release bad, so that it is not tried again unless forced. A run that
 * a person interrupted, or undoes later, says nothing against the release: it is not marked then.
 */
export const condemnRelease = defineStep({
  name: "release.condemn",
  summary: "Keep the reason and mark the release bad, if undone",
  effect: "reversible",
  params: v.strictObject({ root: path(), service: services() }),
  late: v.strictObject({ release: v.string(), metadata_sha256: v.string() }),
  facts: v.strictObject({}),
  example: `uses: release.condemn
with:
  root: /opt/atp
  service: [systemd:atp-router]
  release: \${{ steps['P5-2'].release }}
  metadata_sha256: \${{ steps['P5-2'].metadata_sha256 }}`,
  permissions: ({ root, service }) => ({
    run: none,
    undo: union(
      permissions({ read: [root], write: [root] }),
      permissionsOfServices(service, ["logs"]),
    ),
  }),
  run: () => Promise.resolve({}),
  async undo({ root, service, release, metadata_sha256 }, _facts, ctx) {
    const failure = ctx.run.failure;
    if (failure === undefined || failure.error.name === "InterruptedError") return;
    const reason = failure.error.message;
    await markBad(root, {
      version: release,
      metadata_sha256,
      reason,
      time: ctx.clock.now().toISOString(),
    });
    // The gate has kept it already, while the release was still running.
    if (failure.error.artifact !== undefined) return;
    const { notes } = await writeRollbackLog(ctx, { services: service, release, reason });
    ctx.emit.note(notes);
  },
});
