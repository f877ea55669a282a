import { InterruptedError } from "../../engine/errors.ts";

/** The requests for the end of a run, as signals. */
export interface Interruption {
  /** Aborted by the first request: stop and undo. */
  readonly first: AbortSignal;
  /** Aborted by the second: stop undoing as well. */
  readonly second: AbortSignal;
  /** Makes a request. */
  ask(reason: string): void;
}

/** Counts requests for the end. */
export function makeInterruption(): Interruption {
  const first = new AbortController();
  const second = new AbortController();
  return {
    first: first.signal,
    second: second.signal,
    ask(reason) {
      const error = new InterruptedError(`the end was asked for: ${reason}`);
      if (first.signal.aborted) second.abort(error);
      else first.abort(error);
    },
  };
}
