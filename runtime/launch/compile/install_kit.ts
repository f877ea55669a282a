import { FailedError } from "../../../engine/errors.ts";
import {
  holdFolder,
  judgeKit,
  removeKit,
  sumOf,
  syncFolder,
  writeFile,
  writeKit,
} from "./kit_folder.ts";
import { type InstallJob, type UninstallJob, unitAside, type UnitPlace } from "./writer_job.ts";

/**
 * Puts a kit beside the installed one and then renames its unit over the old one: whenever it is cut
 * off, the unit names a whole kit, the old or the new. What is left over is removed the next time.
 *
 * @returns files of older kits that somebody changed: they are kept
 * @throws FailedError when the unit, or the same kit, was changed by somebody
 */
export async function installKit(job: InstallJob): Promise<readonly string[]> {
  const { folder, id, content, unit } = job;
  const text = content.files.find(({ name }) => name === unit.name)!.text;
  await judgeUnit(job, text);
  using _held = await holdFolder(folder);
  const path = `${folder}/${id}`;
  const present = await judgeKit(path);
  if (present === undefined) {
    const next = `${folder}/.next`;
    await removeTree(next);
    await removeTree(path); // Never whole: its sums are written last, and renamed with it.
    await Deno.mkdir(next, { mode: 0o755 });
    await writeKit(next, content);
    await Deno.rename(next, path);
    await syncFolder(folder);
  } else if (present.changed.length + present.missing.length > 0) {
    const what = [...present.changed, ...present.missing].join(", ");
    throw new FailedError(`${path} is this very kit, but somebody changed ${what}`, {
      hint: "sluice uninstall, look at what it keeps, then install again",
    });
  }
  if (!await exists(unit.folder)) await Deno.mkdir(unit.folder, { recursive: true });
  const aside = unitAside(unit);
  await removeTree(aside);
  await writeFile(aside, 0o644, [new TextEncoder().encode(text)]);
  await Deno.rename(aside, `${unit.folder}/${unit.name}`);
  await syncFolder(unit.folder);
  return await removeKits(folder, id);
}

/**
 * Removes the unit first, so that nothing starts a kit that is half gone, then every kit of the
 * surface. What somebody changed or added is kept.
 *
 * @returns what was kept
 * @throws FailedError when nothing is installed
 */
export async function uninstallKit(job: UninstallJob): Promise<readonly string[]> {
  const { folder, unit } = job;
  if (!await exists(folder)) {
    throw new FailedError(`nothing is installed in ${folder}`, {
      hint: "was it installed with another --prefix or --root?",
    });
  }
  using _held = await holdFolder(folder);
  const path = `${unit.folder}/${unit.name}`;
  await removeTree(unitAside(unit));
  const kept: string[] = [];
  if (await exists(path)) {
    if (await isOfAKit(job)) {
      await Deno.remove(path);
      await syncFolder(unit.folder);
    } else kept.push(path);
  }
  kept.push(...await removeKits(folder, undefined));
  if (kept.length === 0 || kept[0] === path && kept.length === 1) {
    const left = await Array.fromAsync(Deno.readDir(folder));
    if (left.length === 0) await Deno.remove(folder);
    else kept.push(...left.map(({ name }) => `${folder}/${name}`));
  }
  return kept;
}

/** Removes all kits of a folder but one; what was cut off while it was written goes whole. */
async function removeKits(folder: string, but: string | undefined): Promise<readonly string[]> {
  const kept: string[] = [];
  for (const { name, isDirectory } of await Array.fromAsync(Deno.readDir(folder))) {
    if (!isDirectory || name === but) continue;
    const path = `${folder}/${name}`;
    if (name === ".next") {
      await removeTree(path);
      continue;
    }
    const state = await judgeKit(path);
    if (state === undefined) continue;
    await removeKit(path, state);
    kept.push(...[...state.changed, ...state.strange].map((file) => `${path}/${file}`));
  }
  return kept;
}

/** A unit that somebody else wrote, or changed, is not replaced. */
async function judgeUnit(job: InstallJob, text: string): Promise<void> {
  const { unit } = job;
  const path = `${unit.folder}/${unit.name}`;
  if (!await exists(path) || await isOfAKit(job)) return;
  if (await Deno.readTextFile(path) === text) return;
  throw new FailedError(`${path} is not as sluice install wrote it`, {
    hint: `move it away; what you want to add belongs into ${path}.d/*.conf, which is kept`,
  });
}

/** Whether the unit that stands there is that of a kit in the folder. */
async function isOfAKit({ folder, unit }: { folder: string; unit: UnitPlace }): Promise<boolean> {
  if (!await exists(folder)) return false;
  const sum = await sumOf(`${unit.folder}/${unit.name}`);
  for (const { name, isDirectory } of await Array.fromAsync(Deno.readDir(folder))) {
    const copy = `${folder}/${name}/${unit.name}`;
    if (isDirectory && await exists(copy) && await sumOf(copy) === sum) return true;
  }
  return false;
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return false;
    }
    throw error;
  }
}

async function removeTree(path: string): Promise<void> {
  if (await exists(path)) await Deno.remove(path, { recursive: true });
}
