import type { JsonObject } from "../json.ts";
import type { Clock } from "../step.ts";
import { openChain } from "./chain.ts";
import type { JournalEntry, JournalRecord } from "./entry.ts";

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
  append(record: JournalRecord, options: { readonly sync: boolean }): Promise<void>;
  /** Waits for what is being written and frees the lock. */
  close(): Promise<void>;
}

export interface JournalOptions {
  readonly clock: Pick<Clock, "now">;
  /** Whether it is made where there is none. Default true; false where a run is gone on with. */
  readonly make?: boolean;
}

/**
 * Opens the journal of a run and holds it until `close`, or the end of the process.
 *
 * @throws BusyError when another process has it open: the run is going on
 * @throws InvalidInputError when a line was changed, removed or moved, or the file is missing
 * @throws FailedError when it cannot be made or read
 */
export async function openJournal(
  path: string,
  { clock, make = true }: JournalOptions,
): Promise<Journal> {
  const chain = await openChain(path, { make });
  return {
    entries: chain.entries as unknown as readonly JournalEntry[],
    repaired: chain.repaired > 0,
    append: (record, options) => {
      const timed: unknown = { time: clock.now().toISOString(), ...record };
      return chain.append(timed as JsonObject, options);
    },
    close: () => chain.close(),
  };
}
