import type { JournalEntry } from "./entry.ts";

/** For how long the processes of a run were at work, as far as their lines tell. */
export interface WorkTime {
  /** Lines in their order. */
  add(entry: Pick<JournalEntry, "time"> & JournalLine): void;
  /** The present process is at work until then at least; ISO 8601. */
  until(time: string): void;
  readonly seconds: number;
}

type JournalLine = { readonly type: string; readonly worked_s?: number };

/**
 * Adds up, for each process, the time from its first line to its last one: what lies between two
 * processes is no work, be it a second or a week.
 *
 * @example
 * ```ts
 * import { workTime } from "./work_time.ts";
 * import assert from "node:assert/strict";
 *
 * const work = workTime();
 * work.add({ type: "run.started", time: "2026-01-02T03:04:05.000Z" });
 * work.add({ type: "run.finished", time: "2026-01-02T03:04:06.500Z" });
 * work.add({ type: "run.resumed", time: "2026-01-09T03:04:05.000Z" });
 * work.add({ type: "run.finished", time: "2026-01-09T03:04:07.000Z" });
 * assert.equal(work.seconds, 3.5);
 * ```
 */
export function workTime(): WorkTime {
  let before = 0;
  /** Of the present process, in milliseconds since 1970. */
  let span: { readonly from: number; readonly to: number } | undefined;
  const all = () => before + (span === undefined ? 0 : span.to - span.from);
  const until = (time: string) => {
    const now = Date.parse(time);
    // A clock that was put back takes nothing away.
    span = { from: span?.from ?? now, to: Math.max(span?.to ?? now, now) };
  };
  return {
    add({ type, time, worked_s = 0 }) {
      const now = Date.parse(time);
      switch (type) {
        case "step.marked-done": // A person's word, between two processes.
          return;
        case "journal.continued":
          before = worked_s * 1000;
          span = { from: now, to: now };
          return;
        case "run.started":
        case "run.resumed":
          before = all();
          span = { from: now, to: now };
          return;
        default:
          until(time);
      }
    },
    until,
    get seconds() {
      return all() / 1000;
    },
  };
}
