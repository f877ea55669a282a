import type { RetryPolicy } from "../document/document.ts";
import { SluiceError } from "../errors.ts";
import type { Clock } from "../step.ts";

export interface RetryOptions {
  readonly clock: Clock;
  /** A number in [0, 1). */
  random(): number;
  /** Ends the waiting, with its reason. */
  readonly signal: AbortSignal;
  /** Told before each wait: the attempt that failed (from 1), and the wait in milliseconds. */
  onRetry(attempt: number, delayMs: number, error: SluiceError): void;
}

/**
 * Makes attempts until one succeeds, where the error says that the same attempt may succeed later.
 * Any other error, and that of the last attempt, is thrown as it is.
 *
 * @param attempt gets its number, from 1
 */
export async function withRetry<T>(
  policy: RetryPolicy,
  options: RetryOptions,
  attempt: (number: number) => Promise<T>,
): Promise<T> {
  for (let number = 1;; number++) {
    try {
      return await attempt(number);
    } catch (error) {
      const again = error instanceof SluiceError && error.retryable && number < policy.attempts;
      if (!again || options.signal.aborted) throw error;
      const delay = retryDelay(policy, number, options.random());
      options.onRetry(number, delay, error);
      await options.clock.sleep(delay, options.signal);
    }
  }
}

/** Milliseconds to wait after an attempt: doubled with each, capped, and in part random. */
export function retryDelay(policy: RetryPolicy, attempt: number, random: number): number {
  const whole = Math.min(policy.max_delay_ms, policy.delay_ms * 2 ** (attempt - 1));
  return Math.round(whole * (1 - policy.jitter * random));
}
