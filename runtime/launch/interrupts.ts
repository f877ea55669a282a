/** Signals that ask for the end of a run. */
const asking = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Requests for the end within this many milliseconds are one: a terminal and the task runner may both
 * hand on the same Ctrl-C.
 */
const together = 300;

/**
 * Calls back for the first, second, … request for the end of the program.
 *
 * @returns takes the listeners off
 */
export function onInterrupt(
  callback: (signal: string, count: number) => void,
  now: () => number = () => performance.now(),
): Disposable {
  let count = 0;
  let last = -Infinity;
  const listeners = asking.map((signal) => {
    const listener = () => {
      const before = last;
      last = now();
      if (last - before < together) return;
      callback(signal, ++count);
    };
    Deno.addSignalListener(signal, listener);
    return { signal, listener };
  });
  return {
    [Symbol.dispose]() {
      for (const { signal, listener } of listeners) Deno.removeSignalListener(signal, listener);
    },
  };
}
