// flags: none
import assert from "node:assert/strict";
import type { StepWindow } from "../execute/step_windows.ts";
import { atWork, plannedId } from "./at_work.ts";

const steps = [
  { id: "lock", holds: true },
  { id: "A", holds: false },
  { id: "B", holds: false },
];
const window = (step: string, from: number, to?: number, phase: "run" | "undo" = "run") =>
  ({ step, phase, from, to }) as StepWindow;

/** A process of 20 s; preconditions until 2 s, the end of what is held from 10 s on. */
const working = atWork(steps, {
  processes: [{ start: 1, from: 0, to: 20_000 }],
  windows: [
    window("lock", 2_000, 2_100),
    window("A", 2_200, 5_500),
    window("B", 6_200, 9_000),
    window("A", 9_500, 10_000, "undo"),
  ],
  exercised: { run: new Map(), undo: new Map() },
});

Deno.test("atWork() names who ran in a second, and whoever holds something", () => {
  assert.deepEqual(working.during([1_000]), []);
  assert.deepEqual(working.during([2_000]), ["lock", "A"]);
  assert.deepEqual(working.during([4_000]), ["lock", "A"]);
  assert.deepEqual(working.during([5_000]), ["lock", "A"], "it ended in the middle of it");
  assert.deepEqual(working.during([7_000]), ["lock", "B"]);
  assert.deepEqual(working.during([4_000, 7_000]), ["lock", "A", "B"]);
});

Deno.test("atWork() does not take one step's work for another's", () => {
  assert.ok(working.mayBe("A", "run", [4_000]));
  assert.ok(!working.mayBe("B", "run", [4_000]));
  assert.ok(!working.mayBe("A", "undo", [4_000]));
  assert.ok(working.mayBe("A", "undo", [9_000]));
});

Deno.test("atWork() lets everybody have worked before the first step and after the last", () => {
  for (const id of ["A", "B"]) {
    assert.ok(working.mayBe(id, "run", [1_000]), "preconditions");
    assert.ok(working.mayBe(id, "run", [12_000]), "what was left alive is ended");
  }
});

Deno.test("atWork() leaves a step that was cut off at work until its process ended", () => {
  const cut = atWork(steps, {
    processes: [{ start: 1, from: 0, to: 8_000 }, { start: 2, from: 8_000, to: undefined }],
    windows: [window("A", 1_500, 8_000), window("B", 9_500)],
    exercised: { run: new Map(), undo: new Map() },
  });
  assert.deepEqual(cut.during([7_000]), ["A"]);
  assert.deepEqual(cut.during([60_000]), ["B"]);
});

Deno.test("plannedId() finds the step of an item", () => {
  assert.equal(plannedId("B.12", steps), "B");
  assert.equal(plannedId("x.B", [...steps, { id: "x.B" }]), "x.B");
  assert.equal(plannedId("B", steps), "B");
});
