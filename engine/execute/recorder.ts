import { FailedError, type SluiceError } from "../errors.ts";
import { type EventBody, makeEmitter } from "../events/emitter.ts";
import { maskRecord } from "../events/mask_record.ts";
import type { Continuation, JournalRecord } from "../journal/entry.ts";
import type { AppendOptions } from "../journal/journal.ts";
import type { ExecuteHost } from "./host.ts";
import type { Ledger } from "./ledger.ts";

/** What is written about one moment. */
export interface Telling {
  readonly record?: JournalRecord;
  readonly event?: EventBody;
}

/**
 * Writes the journal and tells the world, in this order and one at a time, so that the tokens of
 * parallel steps leave in the order of their numbers. The one place where a run's texts are masked.
 */
export interface Recorder {
  /**
   * Journals and then emits what `make` gives for the next token.
   *
   * @throws FailedError when the journal cannot be written; nothing was emitted
   */
  write(make: (token: number) => Telling, options: { sync: boolean }): Promise<void>;
  /**
   * The same for what has already happened, and for undoing it, which goes on when the journal cannot
   * be written, not even in the space that was kept for it: the fault is kept in `fault`, and the
   * journal is given up, since a process that went on from it would take what was undone for done.
   */
  tell(make: (token: number) => Telling, options: { sync: boolean }): Promise<void>;
  /** Has the journal begun anew where it has grown too long; where that fails, it goes on as it is. */
  turn(record: Continuation): Promise<void>;
  /** Emits at once what is neither journaled nor numbered. */
  emit(event: EventBody): void;
  /** The first fault of the journal that {@linkcode tell} met. */
  readonly fault: SluiceError | undefined;
}

/** @param ledger kept up to date with every line; says the number of the first token */
export function makeRecorder(host: ExecuteHost, ledger: Ledger): Recorder {
  let token = ledger.nextToken;
  let fault: SluiceError | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const emit = makeEmitter({
    run: host.run.id,
    clock: host.clock,
    masker: host.masker,
    write: (event) => host.emit(event),
  });
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = last.then(work);
    last = done.catch(() => {}); // Whoever asked for it is told.
    return done;
  };
  const append = async (record: JournalRecord | undefined, options: AppendOptions) => {
    if (record === undefined) return;
    await host.journal.append(maskRecord(host.masker, record), options);
  };
  const giveUp = async (error: unknown) => {
    if (fault !== undefined) return;
    fault = journalFault(error);
    const advice = await host.journal.giveUp().then(
      () => "the run cannot be gone on with: look at what it did and undid, then start a new one",
      (again) =>
        `do not go on with the run, its journal does not say what was undone: ${textOf(again)}`,
    );
    emit({ type: "note", step: "journal", text: `${fault.message}; ${advice}` });
  };
  /** A number is used up only by an event that leaves: a gap would read as a lost line. */
  const leave = ({ record, event }: Telling) => {
    if (record !== undefined) ledger.apply(record);
    if (event === undefined) return;
    if ("token" in event) token = event.token + 1;
    emit(event);
  };

  return {
    write: (make, { sync }) =>
      inTurn(async () => {
        const telling = make(token);
        await append(telling.record, { sync }).catch((error) => {
          throw journalFault(error);
        });
        leave(telling);
      }),
    tell: (make, { sync }) =>
      inTurn(async () => {
        const telling = make(token);
        await append(telling.record, { sync, must: true }).catch(giveUp);
        leave(telling);
      }),
    turn: (record) =>
      inTurn(async () => {
        if (fault !== undefined) return;
        await host.journal.turn(maskRecord(host.masker, record)).catch((error) => {
          emit({ type: "note", step: "journal", text: textOf(error), severity: "warning" });
        });
      }),
    emit,
    get fault() {
      return fault;
    },
  };
}

function journalFault(error: unknown): SluiceError {
  return new FailedError(`the journal of the run cannot be written: ${textOf(error)}`, {
    cause: error,
    hint: "look at the space and the rights of the run's folder",
  });
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
