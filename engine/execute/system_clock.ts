import type { Clock } from "../step.ts";

/** The longest wait that a timer of the platform can hold; longer ones are made of several. */
const longestTimer = 2 ** 31 - 1;

/**
 * The clock of this machine.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { systemClock } from "./system_clock.ts";
 *
 * const before = systemClock.monotonic();
 * await systemClock.sleep(1);
 * assert.ok(systemClock.monotonic() > before);
 * ```
 */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    for (let left = ms; left > 0; left -= longestTimer) {
      await sleepOnce(Math.min(left, longestTimer), signal);
    }
    signal?.throwIfAborted();
  },
};

function sleepOnce(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const abort = () => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", abort, { once: true });
  });
}
