// flags: none
import assert from "node:assert/strict";
import type { JournalEntry, JournalRecord } from "../journal/entry.ts";
import { runTimes } from "./step_windows.ts";

/** A line a second, from 1 s on. */
function entries(...records: readonly Record<string, unknown>[]): JournalEntry[] {
  return records.map((record, index) => ({
    ...record as unknown as JournalRecord,
    seq: index + 1,
    prev: "",
    time: new Date((index + 1) * 1000).toISOString(),
  }));
}

const started = { type: "run.started" };
const step = (type: string, id: string) => ({ type: `step.${type}`, step: id });
const undo = (type: string, id: string) => ({ type: `undo.${type}`, step: id });

Deno.test("runTimes() has the process of a journal that was begun anew at work since the run began", () => {
  const continued = { type: "journal.continued", process: 2, started: new Date(0).toISOString() };
  const lines = [step("started", "A"), step("done", "A")];
  const alone = runTimes(entries(continued, ...lines, { type: "run.finished" }));
  assert.deepEqual(alone.processes, [{ start: 2, from: 0, to: 4000 }]);
  const whole = runTimes(entries(started, continued, ...lines, { type: "run.finished" }));
  assert.deepEqual(whole.processes, [{ start: 1, from: 1000, to: 5000 }]);
  assert.deepEqual(whole.windows, [{ step: "A", phase: "run", from: 3000, to: 4000 }]);
});

Deno.test("runTimes() tells when each step was run and undone", () => {
  const times = runTimes(entries(
    started,
    step("started", "A"),
    step("started", "B"),
    step("done", "A"),
    step("failed", "B"),
    { type: "run.undoing" },
    undo("started", "A"),
    undo("done", "A"),
    { type: "run.finished" },
  ));
  assert.deepEqual(times.processes, [{ start: 1, from: 1000, to: 9000 }]);
  assert.deepEqual(times.windows, [
    { step: "A", phase: "run", from: 2000, to: 4000 },
    { step: "B", phase: "run", from: 3000, to: 5000 },
    { step: "A", phase: "undo", from: 7000, to: 8000 },
  ]);
  assert.deepEqual([...times.exercised.run], [["A", "whole"], ["B", "part"]]);
  assert.deepEqual([...times.exercised.undo], [["A", "whole"]]);
});

Deno.test("runTimes() ends what a kill cut off with the process that goes on", () => {
  const times = runTimes(entries(
    started,
    step("started", "A"),
    { type: "run.resumed", process: 4 },
    undo("started", "A"),
    undo("failed", "A"),
    step("started", "A"),
    step("done", "A"),
    step("skipped", "B"),
    step("started", "C"),
  ));
  assert.deepEqual(times.processes, [
    { start: 1, from: 1000, to: 3000 },
    // Two more were started, and ended before they came to write a line.
    { start: 4, from: 3000, to: undefined },
  ]);
  assert.deepEqual(times.windows, [
    { step: "A", phase: "run", from: 2000, to: 3000 },
    { step: "A", phase: "undo", from: 4000, to: 5000 },
    { step: "A", phase: "run", from: 6000, to: 7000 },
    { step: "C", phase: "run", from: 9000, to: undefined },
  ]);
  assert.deepEqual([...times.exercised.run], [["A", "whole"], ["B", "skipped"], ["C", "part"]]);
  assert.deepEqual([...times.exercised.undo], [["A", "part"]]);
});

Deno.test("runTimes() keeps what a step once did when a later repetition skips it", () => {
  const times = runTimes(entries(
    started,
    step("started", "A"),
    step("done", "A"),
    { type: "cycle.finished" },
    step("skipped", "A"),
  ));
  assert.deepEqual([...times.exercised.run], [["A", "whole"]]);
});
