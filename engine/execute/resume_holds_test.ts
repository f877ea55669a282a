// Needs no more than to be started: the runs of these tests are in memory.
import assert from "node:assert/strict";
import { FailedError } from "../errors.ts";
import { dieAfter, makeWorld, resume, undo, withLock } from "./dying_run.ts";
import { strictTests } from "./strict_tests.ts";
import { memoryJournal, type PlanParts, runPlan, testStep } from "./test_bed.ts";

const test = strictTests("execute()");

test("takes again what held something first, and waits where it cannot be had", async () => {
  const world = makeWorld();
  let busy = false;
  const resumed: boolean[] = [];
  const steps = withLock(world, ({ run }) => {
    resumed.push(run.resumed);
    return busy;
  });
  const parts: PlanParts = {
    steps: [
      { id: "A", uses: "w.lock" },
      { id: "B", uses: "w.make" },
      { id: "C", uses: "w.make" },
    ],
  };
  const { entries } = await dieAfter(6, parts, steps);
  world.log.length = 0;
  busy = true;
  const waiting = memoryJournal(entries);
  const held = await runPlan(parts, steps, { ...resume, journal: waiting });
  assert.equal(held.end.exit, 10);
  assert.equal(held.tokens, "A+ A!");
  assert.deepEqual(world.log, []);

  busy = false;
  const ran = await runPlan(parts, steps, { ...resume, journal: memoryJournal(waiting.entries) });
  assert.equal(ran.tokens, "A+ A= C.undo+ C.undo= C+ C=");
  assert.equal(ran.end.exit, 0);
  assert.deepEqual(resumed, [false, true, true]);
});

test("holds everything before all else, also after it could not", async () => {
  const world = makeWorld();
  let busy = false;
  const steps = withLock(world, ({ id }) => busy && id === "A");
  const parts: PlanParts = {
    steps: [
      { id: "A", uses: "w.lock" },
      { id: "B", uses: "w.lock" },
      { id: "C", uses: "w.make" },
      { id: "D", uses: "w.make" },
    ],
  };
  const begun = await dieAfter(6, parts, steps);
  // A was begun again and its process died; then it was busy.
  const died = memoryJournal(begun.entries);
  await dieAfter(2, parts, steps, { ...resume, journal: died });
  busy = true;
  const suspended = await runPlan(parts, steps, { ...resume, journal: died });
  assert.equal(suspended.tokens, "A+ A!");
  world.log.length = 0;

  // Nothing is undone without the lock.
  const { end } = await runPlan(parts, steps, { ...undo, journal: memoryJournal(died.entries) });
  assert.equal(end.exit, 10);
  assert.deepEqual(world.log, []);

  busy = false;
  const ran = await runPlan(parts, steps, { ...resume, journal: memoryJournal(died.entries) });
  assert.equal(ran.end.exit, 0);
  assert.deepEqual(world.log, ["do A", "do B", "undo C", "do C", "do D"]);
});

test("waits when a precondition fails on resume, and undoes nothing", async () => {
  const world = makeWorld();
  let full = false;
  const check = testStep({
    name: "w.check",
    check: () => {
      if (full) throw new FailedError("disk full");
    },
  });
  const parts: PlanParts = { steps: [{ id: "A", uses: "w.make" }, { id: "B", uses: "w.check" }] };
  const steps = [...world.steps, check];
  const { entries } = await dieAfter(3, parts, steps);
  full = true;
  const waiting = memoryJournal(entries);
  const ran = await runPlan(parts, steps, { ...resume, journal: waiting });
  assert.equal(ran.end.exit, 4);
  assert.deepEqual([...world.present], ["A"]);
  full = false;
  const done = await runPlan(parts, steps, { ...resume, journal: memoryJournal(waiting.entries) });
  assert.equal(done.tokens, "B+ B=");
  assert.equal(done.end.exit, 0);
});
