import { BugError, InterruptedError, type SluiceError, TimedOutError } from "../errors.ts";
import type { Clock } from "../step.ts";
import { asInterruption } from "./failure.ts";

export interface DeadlineOptions {
  /** Who works, such as `P5-3`, for messages. */
  readonly what: string;
  /** Cancels the work from outside. */
  readonly signal: AbortSignal;
  /** Milliseconds until the work is cancelled; no deadline when absent. */
  readonly timeout_ms?: number;
  readonly clock: Clock;
  /** Told once when the work goes on for a second after it was cancelled. */
  onOverdue(): void;
}

/** Milliseconds in which cancelled work must settle. */
const promised = 1000;
/** Milliseconds after which cancelled work is given up. */
const bound = 5000;

/**
 * Runs work under a deadline and a signal, and *waits for its end* when either cancels it. The
 * error is then that of the deadline or the signal, with what the work threw as its cause.
 *
 * Work that ends well after a cancel from outside has ended well; after the deadline it is late.
 *
 * @throws TimedOutError when the deadline passed; the work has ended
 * @throws BugError with `details.unsettled` when cancelled work does not end within 5 s
 */
export async function withDeadline<T>(
  options: DeadlineOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal, clock, timeout_ms } = options;
  const own = new AbortController();
  const settled = new AbortController();
  const forward = () => own.abort(asInterruption(signal.reason));
  if (signal.aborted) throw asInterruption(signal.reason);
  signal.addEventListener("abort", forward, { once: true });
  if (timeout_ms !== undefined) {
    clock.sleep(timeout_ms, settled.signal).then(
      () => own.abort(new TimedOutError(`${options.what} took longer than ${timeout_ms} ms`)),
      () => {}, // It settled in time.
    );
  }
  const givenUp = new Promise<never>((_, reject) => {
    own.signal.addEventListener("abort", () => {
      overdue(options, settled.signal).then(reject, () => {});
    }, { once: true });
  });
  try {
    const value = await Promise.race([(async () => await work(own.signal))(), givenUp]);
    if (own.signal.reason instanceof TimedOutError) throw own.signal.reason;
    return value;
  } catch (error) {
    if (!own.signal.aborted || isOverdue(error)) throw error;
    throw caused(own.signal.reason, error);
  } finally {
    settled.abort();
    signal.removeEventListener("abort", forward);
  }
}

async function overdue(options: DeadlineOptions, settled: AbortSignal): Promise<BugError> {
  await options.clock.sleep(promised, settled);
  options.onOverdue();
  await options.clock.sleep(bound - promised, settled);
  return new BugError(`${options.what} did not stop within ${bound / 1000} s of being told to`, {
    hint: "this is a fault of the step's code, whose work may be going on: please report it",
    details: { unsettled: true },
  });
}

function isOverdue(error: unknown): boolean {
  return error instanceof BugError && error.details.unsettled === true;
}

/** The reason of the cancel, with what the work said at its end where that tells more. */
function caused(reason: SluiceError, error: unknown): SluiceError {
  const tells = error !== reason && error instanceof Error && error.name !== "AbortError";
  if (!tells) return reason;
  if (reason instanceof TimedOutError) return new TimedOutError(reason.message, { cause: error });
  if (reason instanceof InterruptedError) {
    return new InterruptedError(reason.message, { cause: error });
  }
  return reason;
}
