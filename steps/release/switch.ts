import * as v from "valibot";
import { FailedError } from "../../engine/errors.ts";
import { isThere } from "../../engine/is_there.ts";
import { permissions } from "../../engine/permissions/permissions.ts";
import { path } from "../../engine/schema/types.ts";
import { defineStep } from "../../engine/step.ts";
import {
  currentGrant,
  forgetOrigin,
  pointCurrent,
  recordedOrigin,
  recordOrigin,
  removeCurrent,
  wayBack,
} from "./current_link.ts";
import { installedVersion, layout } from "./layout.ts";

/**
 * Points `current` to another release in one atomic rename: a reader finds the old release or the
 * new one, and so does a power cut. Undo points it back to the last release that passed its health
 * gate (or to the one before, where none has), and removes it where there was no other.
 */
export const switchRelease = defineStep({
  name: "release.switch",
  summary: "Point current to a release, atomically",
  effect: "reversible",
  params: v.strictObject({ root: path() }),
  late: v.strictObject({ release: v.string() }),
  facts: v.strictObject({ current: v.string() }),
  example: "uses: release.switch\nwith:\n  root: /opt/atp\n  release: ${{ steps['P5-2'].release }}",
  permissions: ({ root }) => {
    const set = permissions({ read: [root], write: [root], run: [currentGrant] });
    return { run: set, undo: set };
  },
  async run({ root, release }, ctx) {
    const at = layout(root);
    if (!await isThere(at.release(release))) {
      throw new FailedError(`there is no release ${release} under ${at.releases}`);
    }
    // Left for undo, which has no facts after a crash. What an earlier attempt left is the truth.
    if (await recordedOrigin(root, ctx.run.id) === undefined) {
      await recordOrigin(root, ctx.run.id, await installedVersion(root));
    }
    await pointCurrent(root, release, ctx);
    return { current: release };
  },
  async undo({ root, release }, _facts, ctx) {
    const origin = await recordedOrigin(root, ctx.run.id);
    if (origin === undefined) return; // It had not begun to switch.
    const back = await wayBack(root, release, origin);
    if (back === "") await removeCurrent(root);
    else await pointCurrent(root, back, ctx);
    await forgetOrigin(root, ctx.run.id);
    ctx.emit.note(back === "" ? "no release is current" : `current is ${back} again`);
  },
});
