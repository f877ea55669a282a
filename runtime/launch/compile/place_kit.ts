import { UsageError } from "../../../engine/errors.ts";
import { holdFolder, judgeKit, syncFolder, writeFile, writeKit } from "./kit_folder.ts";
import { madeBy, manifestName } from "./kit_files.ts";
import { asideOf, type PlaceJob, type StageJob } from "./writer_job.ts";

/**
 * Makes a kit's folder: put together aside, then renamed. A folder that is there already is replaced
 * only where every file of it is as compile made it.
 *
 * @throws UsageError when something else is there
 * @throws BusyError when another compile is at work on the same folder
 */
export async function placeKit({ folder, content }: PlaceJob): Promise<void> {
  const parent = await requireParent(folder);
  const before = await whatIsThere(folder);
  const { next, last } = asideOf(folder);
  using _held = await holdFolder(next);
  await empty(next, content.program.from === undefined ? content.program.name : undefined);
  await writeKit(next, content);
  if (before === "kit") {
    await remove(last); // Left by one that was cut off just here: the folder is back since.
    await Deno.rename(folder, last);
  }
  await Deno.rename(next, folder);
  await syncFolder(parent);
  await remove(last);
}

/** Puts aside what a program is made of, or removes what was. */
export async function stageKit({ folder, files }: StageJob): Promise<void> {
  await requireParent(folder);
  await whatIsThere(folder); // To refuse it before there is work.
  const { next } = asideOf(folder);
  if (files.length === 0) return await remove(next);
  using _held = await holdFolder(next);
  await empty(next);
  for (const { name, mode, text } of files) {
    await writeFile(`${next}/${name}`, mode, [new TextEncoder().encode(text)]);
  }
}

async function requireParent(folder: string): Promise<string> {
  const parent = folder.slice(0, folder.lastIndexOf("/")) || "/";
  if ((await kindOf(parent))?.isDirectory) return parent;
  throw new UsageError(`the folder ${parent} does not exist`, { hint: "make it first" });
}

async function whatIsThere(folder: string): Promise<"nothing" | "kit"> {
  const there = await kindOf(folder);
  if (there === undefined) return "nothing";
  const other = (what: string) =>
    new UsageError(`${folder} is there already, and ${what}`, {
      hint: "name another folder with --output, or move this one away",
    });
  if (!there.isDirectory) throw other("is no folder");
  const entries = await Array.fromAsync(Deno.readDir(folder));
  if (entries.length === 0) return "nothing"; // Renaming onto an empty folder replaces it.
  const state = await judgeKit(folder);
  if (state === undefined || !await isOurs(folder)) throw other("sluice compile did not make it");
  const foreign = [...state.changed, ...state.strange];
  if (foreign.length > 0) throw other(`somebody changed ${foreign.join(", ")} in it`);
  return "kit";
}

async function isOurs(folder: string): Promise<boolean> {
  try {
    return JSON.parse(await Deno.readTextFile(`${folder}/${manifestName}`)).made_by === madeBy;
  } catch {
    return false;
  }
}

async function kindOf(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function empty(folder: string, but?: string): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    if (name !== but) await Deno.remove(`${folder}/${name}`, { recursive: true });
  }
}

async function remove(folder: string): Promise<void> {
  try {
    await Deno.remove(folder, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
