import { partNumber } from "../../engine/journal/earlier_parts.ts";
import type { JournalEntry } from "../../engine/journal/entry.ts";
import { verifyChain } from "../../engine/journal/verify_chain.ts";
import { readBytes } from "./read_text.ts";
import { wholeLines } from "./run_history.ts";

/** The journal of a run as its folder has it. */
export interface ReadJournal {
  /** All lines that are kept, those of earlier files first. */
  readonly entries: readonly JournalEntry[];
  /** Lines that were changed, removed or moved, and files that are none of this journal's. */
  readonly faults: readonly string[];
}

/**
 * Reads a journal with the files that are kept of a time before it was begun anew. That the oldest of
 * them are not there any more is no fault: the first line then tells since when the run goes on.
 *
 * @param folder absolute path of the folder of the run
 */
export async function readJournal(folder: string): Promise<ReadJournal> {
  let entries: readonly JournalEntry[] = [];
  const faults: string[] = [];
  let head: string | undefined;
  for (let file: string | undefined = "journal.jsonl"; file !== undefined;) {
    const bytes: Uint8Array = await readBytes(`${folder}/${file}`, "/");
    const chain = verifyChain(bytes);
    if (!chain.ok) faults.push(`${file}:${chain.line}: ${chain.reason}`);
    else if (head !== undefined && chain.head !== head) {
      faults.push(`${file}: it does not end with the line that the file after it goes on from`);
    }
    const lines = wholeLines(bytes);
    entries = [...lines, ...entries];
    const [first] = lines;
    if (first?.type !== "journal.continued") break;
    head = first.before.head;
    file = await isPart(folder, first.before.file) ? first.before.file : undefined;
  }
  return { entries, faults };
}

/** What a line names is a file of this folder, or it is not followed. */
async function isPart(folder: string, file: string): Promise<boolean> {
  if (partNumber(file) === undefined || file.includes("/")) return false;
  return await Deno.lstat(`${folder}/${file}`).then(({ isFile }) => isFile, () => false);
}
