import * as v from "valibot";
import { FailedError } from "../../engine/errors.ts";
import { union } from "../../engine/permissions/union.ts";
import { duration } from "../../engine/schema/types.ts";
import { defineStep } from "../../engine/step.ts";
import { healthUrl, parseHealthUrl } from "../http/health_url.ts";
import { permissionsOfHeader, permissionsOfProbe } from "../http/probe_permissions.ts";
import { parseVersionAt, versionAt } from "../http/version_at.ts";
import { parseVersionHeader, versionHeader } from "../http/version_header.ts";
import { openServices, permissionsOfServices } from "../service/service_manager.ts";
import { services } from "../service/service_ref.ts";
import { writeRollbackLog } from "./rollback_log.ts";

/**
 * Lets a release pass only when it has proved healthy: the wanted number of good answers in a row
 * *from the new version* within the deadline, then none that is bad for the settle time. When it
 * does not, the reason and the last lines of the services' logs are kept before anything is undone.
 *
 * @throws FailedError with the last answers; its `artifact` is the rollback log
 */
export const healthGate = defineStep({
  name: "release.gate",
  summary: "Let a release pass only when it proves healthy",
  effect: "none",
  params: v.strictObject({
    service: services(),
    health: healthUrl(),
    version_at: versionAt(),
    version_header: versionHeader(),
    good_answers: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)),
    /** Milliseconds. */
    deadline: duration(),
    /** Milliseconds. */
    settle: duration(),
  }),
  late: v.strictObject({
    release: v.string(),
    /** The processes that ran the old release: they do not count. */
    previous: v.array(v.strictObject({ pid: v.number(), started: v.string() })),
  }),
  facts: v.strictObject({ answers: v.number() }),
  example: `uses: release.gate
with:
  service: [systemd:atp-router]
  health: http://127.0.0.1:7443/healthz
  version_at: /version
  version_header: ""
  good_answers: 3
  deadline: 60s
  settle: 10s
  release: \${{ steps['P5-2'].release }}
  previous: \${{ steps['P5-3-guard'].processes }}`,
  permissions: (params) => ({
    run: union(
      permissionsOfProbe(params),
      permissionsOfHeader(params.version_header),
      permissionsOfServices(params.service, ["status", "logs"]),
    ),
  }),
  async run(params, ctx) {
    const { proveHealthy } = await import("../http/probe.ts");
    try {
      const healthy = await proveHealthy({
        health: parseHealthUrl(params.health),
        version_at: parseVersionAt(params.version_at),
        version_header: parseVersionHeader(params.version_header),
        expected: params.release,
        good_answers: params.good_answers,
        deadline_ms: params.deadline,
        settle_ms: params.settle,
        services: openServices(params.service, ctx),
        previous: params.previous,
      }, ctx);
      ctx.emit.note(`proved healthy in ${(healthy.elapsed_ms / 1000).toFixed(1)} s`);
      return { answers: healthy.answers };
    } catch (error) {
      if (!(error instanceof FailedError) || ctx.signal.aborted) throw error;
      const { file, notes } = await writeRollbackLog(ctx, {
        services: params.service,
        release: params.release,
        reason: error.message,
        version_header: params.version_header,
      });
      throw new FailedError(notes, { cause: error, details: error.details, artifact: file });
    }
  },
});
