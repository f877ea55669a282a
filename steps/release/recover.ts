import * as v from "valibot";
import { FailedError } from "../../engine/errors.ts";
import { permissions } from "../../engine/permissions/permissions.ts";
import { union } from "../../engine/permissions/union.ts";
import { duration, path } from "../../engine/schema/types.ts";
import { defineStep, type StepContext } from "../../engine/step.ts";
import { healthUrl, parseHealthUrl } from "../http/health_url.ts";
import { permissionsOfProbe, type ProbeParams } from "../http/probe_permissions.ts";
import { parseVersionAt, versionAt } from "../http/version_at.ts";
import { parseVersionHeader, versionHeader } from "../http/version_header.ts";
import { currentSince } from "../service/current_since.ts";
import { ensureStarted } from "../service/ensure_started.ts";
import { ensureStopped } from "../service/ensure_stopped.ts";
import { openServices, permissionsOfServices } from "../service/service_manager.ts";
import { services } from "../service/service_ref.ts";
import { currentGrant, pointCurrent, removeCurrent, wayBackAfterKill } from "./current_link.ts";
import { installedVersion, readOptional, replaceFile } from "./layout.ts";

interface Proof extends ProbeParams {
  readonly root: string;
  readonly service: readonly string[];
  readonly deadline: number;
}

/**
 * Puts right what a run that was killed left half done, before anything new is judged: a release that
 * never passed its gate is not left current, nor services stopped. Whatever comes after it, a refusal
 * too, then leaves the last good release running. To be used with the lock held.
 *
 * That the old release does not prove healthy is only noted: what comes next may be its cure.
 *
 * @throws FailedError when a service cannot be stopped
 */
export const recoverRelease = defineStep({
  name: "release.recover",
  summary: "Put right what a run that was cut off left behind",
  // It does what the undo of that run would, and may be done again at any time.
  effect: "none",
  params: v.strictObject({
    root: path(),
    service: services(),
    health: healthUrl(),
    version_at: versionAt(),
    version_header: versionHeader(),
    /** Milliseconds in which the release that is gone back to has to prove healthy. */
    deadline: duration(),
  }),
  late: v.strictObject({
    /** Runs that were cut off. */
    interrupted: v.array(v.string()),
  }),
  facts: v.strictObject({
    /** The version that was current and, unproven, is so no more; `""` where that was not needed. */
    left: v.string(),
  }),
  example: `uses: release.recover
with:
  root: /opt/atp
  service: [systemd:atp-router]
  health: http://127.0.0.1:7443/healthz
  version_at: /version
  version_header: ""
  deadline: 60s
  interrupted: \${{ steps['P5-0-audit'].interrupted }}`,
  permissions: (params) => ({
    run: union(
      permissions({ read: [params.root], write: [params.root], run: [currentGrant] }),
      permissionsOfProbe(params),
      permissionsOfServices(params.service, ["status", "start", "stop"]),
    ),
  }),
  async run(params, ctx) {
    const { root } = params;
    // Of an attempt of this run that was cut off in its turn: `current` does not tell it any more.
    const leftBefore = await readOptional(leftFile(root, ctx.run.id));
    if (params.interrupted.length === 0) return { left: leftBefore ?? "" };
    const all = openServices(params.service, ctx);
    const before = await installedVersion(root);
    const back = await wayBackAfterKill(root);
    if (back !== undefined) {
      await replaceFile(leftFile(root, ctx.run.id), before!);
      for (const each of all.toReversed()) await ensureStopped(each, ctx);
      if (back === "") await removeCurrent(root);
      else await pointCurrent(root, back, ctx);
      ctx.emit.note(`${before} was never proven; current is ${back || "nothing"} again`);
    }
    if (await installedVersion(root) !== undefined) await startAndProve(params, ctx);
    return { left: (back === undefined ? leftBefore : before) ?? "" };
  },
});

function leftFile(root: string, run: string): string {
  return `${root}/.recover.${run}`;
}

async function startAndProve(
  params: Proof,
  ctx: StepContext,
): Promise<void> {
  const { proveHealthy } = await import("../http/probe.ts");
  const current = await installedVersion(params.root);
  const all = openServices(params.service, ctx);
  try {
    const since = await currentSince(params.root);
    for (const each of all) await ensureStarted(each, since, ctx);
    await proveHealthy({
      health: parseHealthUrl(params.health),
      version_at: parseVersionAt(params.version_at),
      version_header: parseVersionHeader(params.version_header),
      expected: current,
      good_answers: 1,
      deadline_ms: params.deadline,
      settle_ms: 0,
      services: all,
    }, ctx);
    ctx.emit.note(`release ${current} runs`);
  } catch (error) {
    if (!(error instanceof FailedError) || ctx.signal.aborted) throw error;
    ctx.emit.note(`release ${current} does not prove healthy: ${error.message}`);
  }
}
