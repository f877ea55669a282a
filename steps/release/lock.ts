import * as v from "valibot";
import { BusyError } from "../../engine/errors.ts";
import { isThere } from "../../engine/is_there.ts";
import { permissions } from "../../engine/permissions/permissions.ts";
import { path } from "../../engine/schema/types.ts";
import { defineStep } from "../../engine/step.ts";
import { isStaging, layout, readOptional } from "./layout.ts";
import { removeTree } from "../../engine/remove_tree.ts";

/** Files and links aside of those in the layout, while they are being made. */
const halfMade =
  /^\.(?:current\..+|(?:previous|good|bad|floor|(?:switch|commit|recover)\..+)\.new)$/;

/**
 * Takes the kernel's lock on an installation and keeps it until the run ends. A kill frees it; it
 * cannot go stale.
 *
 * @throws BusyError with the holder's process id
 */
export const lockRelease = defineStep({
  name: "release.lock",
  summary: "Keep other operators away from an installation",
  effect: "none",
  holds: true,
  params: v.strictObject({ root: path() }),
  facts: v.strictObject({}),
  example: "uses: release.lock\nwith: { root: /opt/atp }",
  permissions: ({ root }) => ({ run: permissions({ read: [root], write: [root] }) }),
  async run({ root }, ctx) {
    const { lock } = layout(root);
    await Deno.mkdir(root, { recursive: true, mode: 0o755 });
    const file = await Deno.open(lock, { read: true, write: true, create: true, mode: 0o644 });
    if (!await file.tryLock(true)) {
      file.close();
      throw await busy(root);
    }
    ctx.scope.defer(() => file.close());
    await file.truncate(0);
    await file.write(new TextEncoder().encode(`${ctx.run.pid}\n`));
    await removeLeftovers(root);
    return {};
  },
});

/**
 * Removes what killed runs left half made: files and links aside, releases in staging. What such a
 * run noted down for its undo (`.switch.RUN`, `.commit.RUN`) stays until another one has committed.
 */
async function removeLeftovers(root: string): Promise<void> {
  for (const { name } of await Array.fromAsync(Deno.readDir(root))) {
    if (halfMade.test(name)) await Deno.remove(`${root}/${name}`);
  }
  const { releases } = layout(root);
  if (!await isThere(releases)) return;
  for (const { name } of await Array.fromAsync(Deno.readDir(releases))) {
    if (isStaging(name)) await removeTree(`${releases}/${name}`);
  }
}

/**
 * Asks whether somebody holds the lock, without taking it and without writing anything.
 *
 * @throws BusyError with the holder's process id
 */
export async function checkUnlocked(root: string): Promise<void> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(layout(root).lock);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return;
    throw error;
  }
  using _closed = file;
  if (!await file.tryLock(false)) throw await busy(root);
}

async function busy(root: string): Promise<BusyError> {
  const pid = Number((await readOptional(layout(root).lock))?.trim() || "0");
  return new BusyError(`${root} is being changed by process ${pid || "(unknown)"}`, {
    hint: "wait for it to end, then run the same command again",
    details: { pid },
  });
}
