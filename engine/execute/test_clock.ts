import type { Clock } from "../step.ts";

/** A clock that goes only when told to. */
export interface TestClock extends Clock {
  /** Lets time pass, waking sleepers in their order. */
  advance(ms: number): Promise<void>;
  /** Settles when somebody sleeps whose time comes in at most `ms`. */
  sleeper(ms: number): Promise<void>;
}

export function testClock(): TestClock {
  let now = 0;
  const sleepers = new Set<{ at: number; wake(): void }>();
  const watchers = new Set<() => void>();
  const turn = () => new Promise<void>((resolve) => setTimeout(resolve));
  const due = (until: number) =>
    [...sleepers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
  return {
    now: () => new Date(now),
    monotonic: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const abort = () => {
          sleepers.delete(sleeper);
          reject(signal!.reason);
        };
        const sleeper = {
          at: now + ms,
          wake() {
            sleepers.delete(sleeper);
            signal?.removeEventListener("abort", abort);
            resolve();
          },
        };
        signal?.addEventListener("abort", abort, { once: true });
        sleepers.add(sleeper);
        for (const watcher of watchers) watcher();
      }),
    async advance(ms) {
      const until = now + ms;
      for (let next = due(until); next !== undefined; next = due(until)) {
        now = Math.max(now, next.at);
        next.wake();
        await turn();
      }
      now = until;
      await turn();
    },
    sleeper(ms) {
      if (due(now + ms) !== undefined) return Promise.resolve();
      return new Promise((resolve) => {
        const watch = () => {
          if (due(now + ms) === undefined) return;
          watchers.delete(watch);
          resolve();
        };
        watchers.add(watch);
      });
    },
  };
}
