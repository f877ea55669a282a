import type { ExitCode } from "../../engine/errors.ts";
import { makeLedger } from "../../engine/execute/ledger.ts";
import type { JournalEntry } from "../../engine/journal/entry.ts";
import { verifyChain } from "../../engine/journal/verify_chain.ts";

/** How a run stands, as its journal tells. */
export interface RunHistory {
  readonly pipeline: string;
  /**
   * The outcome of a run that ended; `running` while a process has it; `suspended` when it waits
   * for a person; `interrupted` when it was cut off; `empty` before its first line; `incomplete` when
   * its journal could not be written to the end; `damaged` when it was changed or cannot be read.
   */
  readonly outcome: string;
  readonly exit?: ExitCode;
  /** ISO 8601; absent for `empty`. */
  readonly started?: string;
  /** From the start to the last line; `sluice runs` has it to now for one that is running. */
  readonly duration_s?: number;
}

/**
 * Reads how a run stands, whatever its journal looks like.
 *
 * @param journal absolute path of `journal.jsonl`
 */
export async function readHistory(journal: string): Promise<RunHistory> {
  let bytes: Uint8Array;
  try {
    // A pipe would keep whoever lists the runs waiting.
    if (!(await Deno.stat(journal)).isFile) return { pipeline: "", outcome: "damaged" };
    bytes = await Deno.readFile(journal);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) return { pipeline: "", outcome: "damaged" };
    const aside = await Deno.lstat(`${journal}.incomplete`).then(() => true, () => false);
    return { pipeline: "", outcome: aside ? "incomplete" : "empty" };
  }
  const entries = wholeLines(bytes);
  const first = entries.find(isFirst);
  if (first === undefined) {
    return { pipeline: "", outcome: bytes.length === 0 ? "empty" : "damaged" };
  }
  const last = entries.at(-1)!;
  const told = {
    pipeline: first.pipeline,
    started: first.type === "run.started" ? first.time : first.started,
    duration_s: Math.max(0, (Date.parse(last.time) - Date.parse(first.time)) / 1000),
  };
  if (!verifyChain(bytes).ok) return { ...told, outcome: "damaged" };
  const { finished } = makeLedger(entries);
  if (finished !== undefined) return { ...told, ...finished };
  if (last.type === "run.suspended") return { ...told, outcome: "suspended" };
  return { ...told, outcome: await isHeld(journal) ? "running" : "interrupted" };
}

function isFirst(
  entry: JournalEntry,
): entry is JournalEntry & { readonly type: "run.started" | "journal.continued" } {
  return entry.type === "run.started" || entry.type === "journal.continued";
}

/** The lines up to the first that is none; a crash may leave the last one torn. */
export function wholeLines(bytes: Uint8Array): readonly JournalEntry[] {
  const entries: JournalEntry[] = [];
  for (const line of new TextDecoder().decode(bytes).split("\n").slice(0, -1)) {
    try {
      const entry = JSON.parse(line);
      if (typeof entry?.type !== "string" || typeof entry.time !== "string") break;
      entries.push(entry);
    } catch {
      break;
    }
  }
  return entries;
}

/** Whether a process has the journal open: it then holds the kernel's lock on it. */
async function isHeld(journal: string): Promise<boolean> {
  using file = await Deno.open(journal);
  return !await file.tryLock(false);
}
