/**
 * The link `current`, and the note of where it pointed before a run switched it.
 *
 * @module
 */
import { FailedError } from "../../engine/errors.ts";
import { isThere } from "../../engine/is_there.ts";
import type { ProgramGrant } from "../../engine/permissions/permissions.ts";
import type { StepContext } from "../../engine/step.ts";
import {
  installedVersion,
  lastGoodVersion,
  layout,
  readOptional,
  replaceFile,
  syncFolder,
} from "./layout.ts";

/** What making the link needs, beside reading and writing the root. */
export const currentGrant: ProgramGrant = {
  program: "ln",
  args: ["-s", "--", "releases/*", "*"],
  env: [],
};

const originPrefix = ".switch.";

/** Switches `current` to a release, in one atomic rename; a no-op when it points there. */
export async function pointCurrent(
  root: string,
  version: string,
  ctx: Pick<StepContext, "exec" | "run">,
): Promise<void> {
  const at = layout(root);
  const aside = `${root}/.current.${ctx.run.id}`;
  await removeIfThere(aside);
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

/** Removes `current`: no release is installed then. */
export async function removeCurrent(root: string): Promise<void> {
  await removeIfThere(layout(root).current);
  await syncFolder(root);
}

/**
 * The version to go back to from a release that did not prove healthy: the last good one, else the
 * one before; `""` where there is none, or where nobody ever proved that one.
 *
 * @param origin what was current before, as it was recorded
 */
export async function wayBack(root: string, release: string, origin: string): Promise<string> {
  const good = await lastGoodVersion(root);
  const usable = good !== undefined && good !== release &&
    await isThere(layout(root).release(good));
  if (usable) return good;
  // A run that was killed may have left this very release current: it is no way back from itself.
  return origin === release && good !== release ? "" : origin;
}

/** Notes down where `current` pointed before a run, for its undo, which has no facts after a crash. */
export async function recordOrigin(
  root: string,
  run: string,
  version: string | undefined,
): Promise<void> {
  await replaceFile(originFile(root, run), version ?? "");
}

/** What {@linkcode recordOrigin} noted down: `""` for nothing, `undefined` if it never did. */
export async function recordedOrigin(root: string, run: string): Promise<string | undefined> {
  return await readOptional(originFile(root, run));
}

/**
 * Where to go back to from a release that a killed run left current and nobody proved; `undefined`
 * where there is none such. To be asked by who holds the lock: a run that is still at work looks alike.
 */
export async function wayBackAfterKill(root: string): Promise<string | undefined> {
  const current = await installedVersion(root);
  if (current === undefined || current === await lastGoodVersion(root)) return undefined;
  for (const { name } of await Array.fromAsync(Deno.readDir(root))) {
    if (!name.startsWith(originPrefix)) continue;
    const back = await wayBack(root, current, await readOptional(`${root}/${name}`) ?? "");
    if (back !== current) return back;
  }
}

/** Removes what a run left beside `current`. */
export async function forgetOrigin(root: string, run: string): Promise<void> {
  await removeIfThere(originFile(root, run));
  await removeIfThere(`${root}/.current.${run}`);
}

function originFile(root: string, run: string): string {
  return `${root}/${originPrefix}${run}`;
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
