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
 * Stops services, the last of the list first, and proves that none has a process left. One that is
 * stopped already is fine.
 *
 * Undo starts all of them again, in the list's order, those too that did not run before: what must
 * never happen is that a failed change leaves a machine without its services.
 *
 * @throws FailedError from undo when there is no `ROOT/current` that they could run
 */
export const stopServices = defineStep({
  name: "service.stop",
  summary: "Stop services, the last one first",
  effect: "reversible",
  params: v.strictObject({
    /** `systemd:UNIT`, `supervisor:SOCKET` or `none`; one, or a list. */
    service: services(),
    /** Where the releases lie that they run; without it, undo does not ask what there is to run. */
    root: v.optional(path()),
  }),
  facts: v.strictObject({
    /** In the order in which they were stopped; `none` is not among them. */
    stopped: v.array(v.string()),
  }),
  example: `uses: service.stop
with:
  root: /opt/atp
  service: ["systemd:atp-router"]`,
  permissions({ service, root }) {
    const start = permissionsOfServices(service, ["status", "start", "stop"]);
    const read = root === undefined ? [] : [`${root}/current`];
    return {
      run: permissionsOfServices(service, ["status", "stop"]),
      undo: permissions({ ...start, read: [...start.read, ...read] }),
    };
  },
  check: ({ service }, ctx) => checkKnown(service, ctx),
  async run({ service }, ctx) {
    const stopped: string[] = [];
    for (const each of openServices(service, ctx).toReversed()) {
      if (!each.managed) continue;
      const main = await ensureStopped(each, ctx);
      ctx.emit.note(
        main === undefined
          ? `${each.name} was stopped already`
          : `${each.name} is stopped (it was process ${main.pid})`,
      );
      stopped.push(each.name);
    }
    return { stopped };
  },
  async undo({ service, root }, _facts, ctx) {
    const since = root === undefined ? undefined : await currentSince(root);
    if (root !== undefined && since === undefined) {
      throw new FailedError(
        `there is no release under ${root} to go back to: the services stay stopped`,
        { hint: "install a release that proves healthy" },
      );
    }
    for (const each of openServices(service, ctx)) {
      const main = await ensureStarted(each, since, ctx);
      if (main !== undefined) ctx.emit.note(`${each.name} runs again as process ${main.pid}`);
    }
  },
});
