import type { Clock } from "../../../engine/step.ts";

export interface Bounds {
  readonly clock: Clock;
  readonly timeout_ms: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Waits for a promise within bounds; where one is reached first, what `give` then returns or throws is
 * the outcome, and what the promise comes to is nobody's any more.
 *
 * @param give told whether it took too long; else the signal was aborted
 *
 * @example
 * ```ts
 * import { systemClock } from "../../../engine/execute/system_clock.ts";
 * import { bounded } from "./bounded.ts";
 * import assert from "node:assert/strict";
 *
 * const never = new Promise<string>(() => {});
 * const bounds = { clock: systemClock, timeout_ms: 1, signal: undefined };
 * assert.equal(await bounded(never, bounds, (isLate) => isLate ? "late" : "aborted"), "late");
 * ```
 */
export async function bounded<T>(
  promise: Promise<T>,
  { clock, timeout_ms, signal }: Bounds,
  give: (isLate: boolean) => T,
): Promise<T> {
  const over = new AbortController();
  const reached = Promise.withResolvers<boolean>();
  const abort = () => reached.resolve(false);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort, { once: true });
  clock.sleep(timeout_ms, over.signal).then(() => reached.resolve(true), () => {});
  promise.catch(() => {}); // Told below, where it comes first.
  try {
    const first = await Promise.race([
      promise.then((value) => ({ value })),
      reached.promise.then((isLate) => ({ isLate })),
    ]);
    return "value" in first ? first.value : give(first.isLate);
  } finally {
    over.abort();
    signal?.removeEventListener("abort", abort);
  }
}
