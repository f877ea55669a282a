import { FailedError, InvalidInputError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import type { Clock } from "../step.ts";
import { beginAnew } from "./begin_anew.ts";
import { type Chain, openChain } from "./chain.ts";
import { keptParts, longJournal, partNumber, partPath } from "./earlier_parts.ts";
import type { Continuation, JournalEntry, JournalRecord } from "./entry.ts";
import { keepReserve, type Reserve } from "./reserve.ts";
import { workTime } from "./work_time.ts";

/** What the name of a journal that was given up ends in. */
const incomplete = ".incomplete";

/** The truth about a run; one process at a time holds it. */
export interface Journal {
  /** What was there when it was opened. */
  readonly entries: readonly JournalEntry[];
  /** A line that was cut short by the end of a process or machine was removed when it was opened. */
  readonly repaired: boolean;
  /**
   * Adds a line. It is in the file when the promise settles and, with `sync`, on the disk, with all
   * lines before it. Calls are served in their order.
   *
   * @throws FailedError when it could not be written
   */
  append(record: JournalRecord, options: AppendOptions): Promise<void>;
  /**
   * Begins the file anew where it has grown too long: the one so far is kept aside, beside the newest
   * of those before it. Only for a moment in which nothing before is needed to go on or to undo, and
   * nothing is being appended.
   *
   * @throws FailedError when it could not be done; it is gone on with as it is
   */
  turn(record: Continuation): Promise<void>;
  /**
   * Renames the file to `NAME.incomplete`, so that nobody goes on from a journal that does not tell
   * all that was done. Does nothing the second time.
   *
   * @throws FailedError when that cannot be done either
   */
  giveUp(): Promise<void>;
  /** Waits for what is being written, gives the reserve back and frees the lock. */
  close(): Promise<void>;
}

export interface AppendOptions {
  readonly sync: boolean;
  /**
   * Tells what has happened, or undoes it: where there is no space left, what was kept for such lines
   * is used up. Default false: a line without which nothing begins.
   */
  readonly must?: boolean;
}

export interface JournalOptions {
  readonly clock: Pick<Clock, "now">;
  /** Whether it is made where there is none. Default true; false where a run is gone on with. */
  readonly make?: boolean;
  /** Bytes that are kept free for lines that must be written, in `NAME.reserve`. Default 0. */
  readonly reserve?: number;
  /** Bytes from which on `turn` begins it anew. Default 1 MiB. */
  readonly long?: number;
}

/**
 * Opens the journal of a run and holds it until `close`, or the end of the process.
 *
 * @throws BusyError when another process has it open: the run is going on
 * @throws InvalidInputError when a line was changed, removed or moved, or the file is missing, or was
 * given up
 * @throws FailedError when it cannot be made or read, or a new one has no room for its reserve
 */
export async function openJournal(
  path: string,
  { clock, make = true, reserve = 0, long = longJournal }: JournalOptions,
): Promise<Journal> {
  if (!make) await refuseIncomplete(path);
  let chain = await openChain(path, { make });
  let kept: Reserve | undefined;
  try {
    if (reserve > 0) kept = await keepReserve(`${path}.reserve`, reserve);
  } catch (error) {
    // What was begun is gone on with in whatever space there is.
    if (chain.entries.length === 0 || !(error instanceof FailedError)) {
      await chain.close();
      throw error;
    }
  }
  let givenUp: Promise<void> | undefined;
  let turnsAt = long;
  /** Stays locked for whoever opened it just before it was replaced: the run goes on. */
  let replaced: Chain | undefined;
  const entries = chain.entries as unknown as readonly JournalEntry[];
  const work = workTime();
  for (const entry of entries) work.add(entry);
  const [first] = entries;
  let started = first?.type === "journal.continued" ? first.started : first?.time;
  let part = first?.type === "journal.continued" ? partNumber(first.before.file) ?? 0 : 0;
  return {
    entries,
    repaired: chain.repaired > 0,
    async append(record, { sync, must = false }) {
      const time = clock.now().toISOString();
      const timed: unknown = { time, ...record };
      try {
        await chain.append(timed as JsonObject, { sync });
      } catch (error) {
        if (!must || await kept?.release() !== true) throw error;
        await chain.append(timed as JsonObject, { sync });
      }
      started ??= time;
      work.add({ ...record, time });
    },
    async turn(record) {
      if (chain.bytes < turnsAt || started === undefined) return;
      const time = clock.now().toISOString();
      const aside = partPath(path, part + 1);
      const before = { file: aside.replace(/^.*\//, ""), head: chain.head.hash };
      work.until(time);
      const first = { time, ...record, started, worked_s: work.seconds, before };
      // Each try takes space for a while: where it failed, the next one has time.
      turnsAt = chain.bytes + long;
      const next = await beginAnew(path, first as unknown as JsonObject, aside);
      turnsAt = long;
      await replaced?.close();
      replaced = chain;
      chain = next;
      part++;
      await Deno.remove(partPath(path, part - keptParts)).catch(() => {});
    },
    giveUp: () => givenUp ??= putAside(path),
    async close() {
      await replaced?.close();
      await chain.close();
      await kept?.release();
    },
  };
}

/** One that was given up is not to be gone on with, nor to be put back. */
async function refuseIncomplete(path: string): Promise<void> {
  const there = await Deno.lstat(`${path}${incomplete}`).then(() => true, () => false);
  if (!there) return;
  throw new InvalidInputError(
    `the journal of this run could not tell all that was done and undone: ${path}${incomplete}`,
    { hint: "look at what it says and at what the steps left, then start a new run" },
  );
}

async function putAside(path: string): Promise<void> {
  try {
    await Deno.rename(path, `${path}${incomplete}`);
  } catch (error) {
    throw new FailedError(`${path} cannot be renamed: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
