import type { ExitCode } from "../../engine/errors.ts";
import { makeLedger } from "../../engine/execute/ledger.ts";
import type { JournalEntry } from "../../engine/journal/entry.ts";
import { verifyChain } from "../../engine/journal/verify_chain.ts";
import { workTime } from "../../engine/journal/work_time.ts";

/** How a run stands, as its journal tells. */
export interface RunHistory {
  readonly pipeline: string;
  /**
   * The outcome of a run that ended, `interrupted` where it was told to end; `running` while a process
   * has it; `suspended` when it waits for a person; `cut-off` when its process died; `empty` before its first line; `incomplete` when
   * its journal could not be written to the end; `damaged` when it was changed or cannot be read.
   */
  readonly outcome: string;
  readonly exit?: ExitCode;
  /** Whether `sluice resume` goes on with it. */
  readonly resumable: boolean;
  /** ISO 8601; absent for `empty`. */
  readonly started?: string;
  /** For how long its processes were at work. */
  readonly duration_s?: number;
}

/**
 * Reads how a run stands, whatever its journal looks like.
 *
 * @param journal absolute path of `journal.jsonl`
 * @param now until when a run that is running was at work; left out: until its last line
 */
export async function readHistory(journal: string, now?: Date): Promise<RunHistory> {
  let bytes: Uint8Array;
  try {
    // A pipe would keep whoever lists the runs waiting.
    if (!(await Deno.stat(journal)).isFile) return untold("damaged");
    bytes = await Deno.readFile(journal);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) return untold("damaged");
    const aside = await Deno.lstat(`${journal}.incomplete`).then(() => true, () => false);
    return untold(aside ? "incomplete" : "empty");
  }
  const entries = wholeLines(bytes);
  const first = entries.find(isFirst);
  if (first === undefined) {
    return untold(bytes.length === 0 ? "empty" : "damaged");
  }
  const last = entries.at(-1)!;
  const work = workTime();
  for (const entry of entries) work.add(entry);
  const told = (outcome: string, resumable = false) => ({
    pipeline: first.pipeline,
    started: first.type === "run.started" ? first.time : first.started,
    outcome,
    resumable,
    duration_s: work.seconds,
  });
  if (!verifyChain(bytes).ok) return told("damaged");
  const { finished } = makeLedger(entries);
  if (finished !== undefined) return { ...told(finished.outcome), exit: finished.exit };
  if (last.type === "run.suspended") return told("suspended", true);
  if (!await isHeld(journal)) return told("cut-off", true);
  if (now !== undefined) work.until(now.toISOString());
  return told("running");
}

/** Of a journal that says nothing, or nothing that can be believed. */
function untold(outcome: string): RunHistory {
  return { pipeline: "", outcome, resumable: false };
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
