import * as v from "valibot";
import { none, permissions } from "../../engine/permissions/permissions.ts";
import { union } from "../../engine/permissions/union.ts";
import { path } from "../../engine/schema/types.ts";
import { defineStep } from "../../engine/step.ts";
import { permissionsOfHeader } from "../http/probe_permissions.ts";
import { versionHeader } from "../http/version_header.ts";
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
  params: v.strictObject({
    root: path(),
    service: services(),
    /** What the services were asked with, so that it does not stand in the log that is kept. */
    version_header: versionHeader(),
  }),
  late: v.strictObject({ release: v.string(), metadata_sha256: v.string() }),
  facts: v.strictObject({}),
  example: `uses: release.condemn
with:
  root: /opt/atp
  service: [systemd:atp-router]
  version_header: ""
  release: \${{ steps['P5-2'].release }}
  metadata_sha256: \${{ steps['P5-2'].metadata_sha256 }}`,
  permissions: ({ root, service, version_header }) => ({
    run: none,
    undo: union(
      permissions({ read: [root], write: [root] }),
      permissionsOfHeader(version_header),
      permissionsOfServices(service, ["logs"]),
    ),
  }),
  run: () => Promise.resolve({}),
  async undo({ root, service, version_header, release, metadata_sha256 }, _facts, ctx) {
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
    const log = { services: service, release, reason, version_header };
    const { notes } = await writeRollbackLog(ctx, log);
    ctx.emit.note(notes);
  },
});
