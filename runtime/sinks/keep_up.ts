import type { Sink } from "../../engine/events/sink.ts";

/**
 * Leaves out what programs print, and progress, while the reader of a sink is behind, so that what
 * waits for it does not grow without end; says how many lines it were when the reader is there again.
 *
 * @example
 * ```ts
 * import { keepUp } from "./keep_up.ts";
 * import assert from "node:assert/strict";
 *
 * const told: string[] = [];
 * let behind = true;
 * const sink = keepUp({ event() {}, output: (text) => told.push(text) }, () => behind);
 * sink.output?.("lost");
 * behind = false;
 * sink.output?.("heard");
 * assert.deepEqual(told, ["1 line was left out: what is told here was not read", "heard"]);
 * ```
 */
export function keepUp(sink: Sink, behind: () => boolean): Sink {
  let left = 0;
  /** Whether there is room; says first what was left out. */
  const room = () => {
    if (behind()) return false;
    if (left > 0) {
      const text = left === 1 ? "1 line was" : `${left} lines were`;
      left = 0;
      sink.output?.(`${text} left out: what is told here was not read`);
    }
    return true;
  };
  return {
    event(event) {
      const spare = event.type === "output" || event.type === "progress";
      if (room() || !spare) sink.event(event);
      else left++;
    },
    output(text) {
      if (room()) sink.output?.(text);
      else left++;
    },
    close: () => sink.close?.(),
  };
}
