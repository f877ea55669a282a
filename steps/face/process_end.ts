import type { Clock } from "../../engine/step.ts";

/** What the kernel ends a process with, by the code that a shell or a box has for it. */
const signals: Readonly<Record<number, string>> = {
  132: "SIGILL",
  134: "SIGABRT",
  135: "SIGBUS",
  136: "SIGFPE",
  137: "SIGKILL, as the kernel does where memory is short",
  139: "SIGSEGV",
  143: "SIGTERM",
};

/**
 * How a process ended, in words.
 *
 * @example
 * ```ts
 * import { endedWith } from "./process_end.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual([3, 139].map(endedWith), ["with 3", "by SIGSEGV"]);
 * ```
 */
export function endedWith(code: number): string {
  const signal = signals[code];
  return signal === undefined ? `with ${code}` : `by ${signal}`;
}

/** Milliseconds between the end of a connection and that of its process. */
const exitMs = 500;

/** How a process ended whose connection has; `undefined` where it still lives a while after. */
export async function exitSoon(
  exit: Promise<string> | undefined,
  clock: Clock,
): Promise<string | undefined> {
  const over = new AbortController();
  const late = clock.sleep(exitMs, over.signal).then(() => undefined, () => undefined);
  const how = await Promise.race([exit, late]);
  over.abort();
  return how;
}
