import * as v from "valibot";
import { FailedError } from "../../engine/errors.ts";
import { permissions } from "../../engine/permissions/permissions.ts";
import { path } from "../../engine/schema/types.ts";
import { defineStep } from "../../engine/step.ts";
import { checkKnown } from "./check_known.ts";
import { currentSince } from "./current_since.ts";
import { ensureStarted } from "./ensure_started.ts";
import { ensureStopped } from "./ensure_stopped.ts";
import { openServices, permissionsOfServices } from "./service_manager.ts";
import { services } from "./service_ref.ts";

/**
 * Starts services in the list's order, and proves that each has a main process that is younger than
 * the link `ROOT/current`: one that runs an older release is stopped first, one that runs the
 * current release already is left alone. Undo stops all of them, the last one first.
 *
 * @throws FailedError when one does not come to run, or when there is no `ROOT/current` to run
 */
export const startServices = defineStep({
  name: "service.start",
  summary: "Start services, in order",
  effect: "reversible",
  params: v.strictObject({
    /** `systemd:UNIT`, `supervisor:SOCKET` or `none`; one, or a list. */
    service: services(),
    /** Where the releases lie that they run; without it, any running process will do. */
    root: v.optional(path()),
  }),
  facts: v.strictObject({
    started: v.array(v.strictObject({
      service: v.string(),
      pid: v.number(),
      /** Tells this process from a later one of the same number, in the manager's own words. */
      started: v.string(),
    })),
  }),
  example: `uses: service.start
with:
  root: /opt/atp
  service: ["systemd:atp-router"]`,
  permissions({ service, root }) {
    const set = permissionsOfServices(service, ["status", "start", "stop"]);
    const read = root === undefined ? [] : [`${root}/current`];
    return {
      run: permissions({ ...set, read: [...set.read, ...read] }),
      undo: permissionsOfServices(service, ["status", "stop"]),
    };
  },
  check: ({ service }, ctx) => checkKnown(service, ctx),
  async run({ service, root }, ctx) {
    const since = root === undefined ? undefined : await currentSince(root);
    if (root !== undefined && since === undefined) {
      throw new FailedError(`there is no ${root}/current that the services could run`);
    }
    const started = [];
    for (const each of openServices(service, ctx)) {
      const main = await ensureStarted(each, since, ctx);
      if (main === undefined) continue;
      ctx.emit.note(`${each.name} runs as process ${main.pid}`);
      started.push({ service: each.name, pid: main.pid, started: main.started });
    }
    return { started };
  },
  async undo({ service }, _facts, ctx) {
    for (const each of openServices(service, ctx).toReversed()) {
      const main = await ensureStopped(each, ctx);
      if (main !== undefined) ctx.emit.note(`${each.name} is stopped (it was ${main.pid})`);
    }
  },
});
