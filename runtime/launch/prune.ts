import { removeTree } from "../../engine/remove_tree.ts";
import { recordSuffix } from "./launch_record.ts";

/** How many ended runs are kept where nobody says. */
export const keptRuns = 50;

/**
 * Removes the oldest runs. Keeps the newest `keep`, the run `present`, and every run that did not
 * end: it may be resumed, or be at work now. What is not a run stays.
 *
 * @returns the ids of the runs that were removed
 */
export async function prune(runs: string, keep: number, present?: string): Promise<string[]> {
  const entries = (await Array.fromAsync(Deno.readDir(runs))).filter((entry) => entry.isDirectory);
  if (entries.length <= keep) return [];
  // A run that has only just got its folder is one, too.
  const ids = present === undefined ? [] : [present];
  for (const { name } of entries) {
    if (name === present) continue;
    if (await hasEnded(`${runs}/${name}`) !== undefined) ids.push(name);
  }
  ids.sort().reverse(); // Ids begin with the time.
  const removed: string[] = [];
  for (const id of ids.slice(keep)) {
    if (id === present || await hasEnded(`${runs}/${id}`) !== true) continue;
    // What a step left may be read-only: half a run is no run any more, and would stay for ever.
    await removeTree(`${runs}/${id}`);
    await removeTree(`${runs}/${id}${recordSuffix}`);
    removed.push(id);
  }
  return removed;
}

/**
 * Whether the journal's last line says that the run ended; `undefined` for what is not a run. One that
 * the launcher recorded, and whose runner was lost before it began a journal, has nothing to go on with.
 */
async function hasEnded(folder: string): Promise<boolean | undefined> {
  try {
    const path = `${folder}/journal.jsonl`;
    if (!(await Deno.stat(path)).isFile) return undefined; // A pipe may never begin.
    const text = await Deno.readTextFile(path);
    const last = text.trimEnd().split("\n").at(-1) ?? "";
    return text.endsWith("\n") && JSON.parse(last).type === "run.finished";
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    if (!(error instanceof Deno.errors.NotFound)) return undefined;
    return await Deno.stat(`${folder}${recordSuffix}`).then(() => true, () => undefined);
  }
}
