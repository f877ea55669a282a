import * as v from "valibot";
import { FailedError } from "../../engine/errors.ts";
import { permissions } from "../../engine/permissions/permissions.ts";
import { union } from "../../engine/permissions/union.ts";
import { duration, path } from "../../engine/schema/types.ts";
import { defineStep } from "../../engine/step.ts";
import { healthUrl, parseHealthUrl } from "../http/health_url.ts";
import { checkProvable } from "../http/check_provable.ts";
import { permissionsOfProbe } from "../http/probe_permissions.ts";
import { parseVersionAt, versionAt } from "../http/version_at.ts";
import { parseVersionHeader, versionHeader } from "../http/version_header.ts";
import { openServices, permissionsOfServices } from "../service/service_manager.ts";
import { services } from "../service/service_ref.ts";
import { installedVersion } from "./layout.ts";

/**
 * Stands before the step that stops the services, and so is undone after they were started again:
 * its undo proves that the release which runs then is healthy. Only with that proof may a run say
 * that everything is as it was.
 */
export const guardRelease = defineStep({
  name: "release.guard",
  summary: "If undone, prove that the old release is healthy again",
  effect: "reversible",
  params: v.strictObject({
    root: path(),
    service: services(),
    health: healthUrl(),
    version_at: versionAt(),
    version_header: versionHeader(),
    /** Milliseconds in which the old release has to prove healthy again. */
    deadline: duration(),
  }),
  facts: v.strictObject({
    /** The processes that ran before: after the switch, others must. */
    processes: v.array(v.strictObject({ pid: v.number(), started: v.string() })),
  }),
  example: `uses: release.guard
with:
  root: /opt/atp
  service: [systemd:atp-router]
  health: http://127.0.0.1:7443/healthz
  version_at: /version
  version_header: ""
  deadline: 60s`,
  permissions: (params) => ({
    run: permissionsOfServices(params.service, ["status"]),
    undo: union(
      permissions({ read: [params.root] }),
      permissionsOfProbe(params),
      permissionsOfServices(params.service, ["status"]),
    ),
  }),
  check: (params, ctx) => {
    checkProvable({
      health: parseHealthUrl(params.health),
      version_at: parseVersionAt(params.version_at),
      managed: openServices(params.service, ctx).some(({ managed }) => managed),
    });
    return Promise.resolve();
  },
  async run({ service }, ctx) {
    const processes = [];
    for (const each of openServices(service, ctx)) {
      const main = each.managed ? (await each.status(ctx.signal)).main : undefined;
      if (main !== undefined) processes.push({ pid: main.pid, started: main.started });
    }
    return { processes };
  },
  async undo(params, _facts, ctx) {
    const installed = await installedVersion(params.root);
    if (installed === undefined) {
      throw new FailedError(
        `no release was installed under ${params.root} before: nothing runs now`,
      );
    }
    const { proveHealthy } = await import("../http/probe.ts");
    const healthy = await proveHealthy({
      health: parseHealthUrl(params.health),
      version_at: parseVersionAt(params.version_at),
      version_header: parseVersionHeader(params.version_header),
      expected: installed,
      good_answers: 1,
      deadline_ms: params.deadline,
      settle_ms: 0,
      services: openServices(params.service, ctx),
    }, ctx);
    const proof = healthy.answers === 0 ? "nobody could be asked" : "it is proven healthy again";
    ctx.emit.note(`release ${installed} is back: ${proof}`);
  },
});
