import * as v from "valibot";
import { FailedError } from "../../engine/errors.ts";
import { permissions } from "../../engine/permissions/permissions.ts";
import { path } from "../../engine/schema/types.ts";
import { defineStep, type StepContext } from "../../engine/step.ts";
import {
  exists,
  installedVersion,
  lastGoodVersion,
  layout,
  replaceFile,
  syncFolder,
} from "./layout.ts";

const link = { program: "ln", args: ["-s", "--", "releases/*", "*"], env: [] };

/**
 * Points `current` to another release in one atomic rename: a reader finds the old release or the
 * new one, and so does a power cut. Undo points it back to the last release that passed its health
 * gate (or to the one before, where none has), and removes it where there was none.
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
    const set = permissions({ read: [root], write: [root], run: [link] });
    return { run: set, undo: set };
  },
  async run({ root, release }, ctx) {
    const at = layout(root);
    if (!await exists(at.release(release))) {
      throw new FailedError(`there is no release ${release} under ${at.releases}`);
    }
    // Left for undo, which has no facts after a crash. What an earlier attempt left is the truth.
    if (await recordedOrigin(root, ctx.run.id) === undefined) {
      const origin = await installedVersion(root) ?? "";
      await replaceFile(originFile(root, ctx.run.id), origin);
    }
    await pointCurrent(root, release, ctx);
    return { current: release };
  },
  async undo({ root, release }, _facts, ctx) {
    const origin = await recordedOrigin(root, ctx.run.id);
    if (origin === undefined) return; // It had not begun to switch.
    const good = await lastGoodVersion(root);
    const usable = good !== undefined && good !== release &&
      await exists(layout(root).release(good));
    const back = usable ? good : origin;
    if (back === "") await removeCurrent(root);
    else await pointCurrent(root, back, ctx);
    await Deno.remove(originFile(root, ctx.run.id)).catch(ignoreMissing);
    await Deno.remove(`${root}/.current.${ctx.run.id}`).catch(ignoreMissing);
    ctx.emit.note(back === "" ? "no release is current" : `current is ${back} again`);
  },
});

/** Switches `current`; a no-op when it points there. */
async function pointCurrent(root: string, version: string, ctx: StepContext): Promise<void> {
  const at = layout(root);
  const aside = `${root}/.current.${ctx.run.id}`;
  await Deno.remove(aside).catch(ignoreMissing);
  if (await installedVersion(root) !== version) {
    const made = await ctx.exec({
      program: "ln",
      args: ["-s", "--", `releases/${version}`, aside],
    });
    if (made.code !== 0) throw new FailedError(`cannot link ${aside}: ${made.stderr.trim()}`);
    await syncFolder(root);
    await Deno.rename(aside, at.current);
  }
  await syncFolder(root);
  const now = await installedVersion(root);
  if (now !== version) throw new FailedError(`current is ${now} after switching to ${version}`);
}

async function removeCurrent(root: string): Promise<void> {
  await Deno.remove(layout(root).current).catch(ignoreMissing);
  await syncFolder(root);
}

function originFile(root: string, run: string): string {
  return `${root}/.switch.${run}`;
}

async function recordedOrigin(root: string, run: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(originFile(root, run));
  } catch (error) {
    ignoreMissing(error);
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
