import type { Clock, StepEmitter } from "../step.ts";

export type Progress = Parameters<StepEmitter["progress"]>[0];

/** Milliseconds between two reports of one step. */
const interval = 100;

/**
 * Lets at most ten reports a second through: the first, then the newest; and always the one that
 * says that all is done. `flush` lets the last one through that was held back.
 */
export function throttledProgress(
  clock: Clock,
  send: (progress: Progress) => void,
): { report(progress: Progress): void; flush(): void } {
  let next = -Infinity;
  let held: Progress | undefined;
  const pass = (progress: Progress) => {
    next = clock.monotonic() + interval;
    held = undefined;
    send(progress);
  };
  return {
    report(progress) {
      const complete = progress.total !== undefined && progress.done >= progress.total;
      if (complete || clock.monotonic() >= next) pass(progress);
      else held = progress;
    },
    flush() {
      if (held !== undefined) pass(held);
    },
  };
}
