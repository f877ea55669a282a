// Needs no more than to be started: the runs of these tests are in memory.
import assert from "node:assert/strict";
import { FailedError } from "../errors.ts";
import { dieAfter, goodPlan, makeWorld, undo } from "./dying_run.ts";
import { strictTests } from "./strict_tests.ts";
import { memoryJournal, type PlanParts, runPlan, testStep } from "./test_bed.ts";

const test = strictTests("execute()");

test("leaves nothing when a run is undone on request, whenever its process died", async () => {
  for (let lines = 1;; lines++) {
    const world = makeWorld();
    const { entries, ended } = await dieAfter(lines, goodPlan, world.steps);
    const ran = await runPlan(goodPlan, world.steps, { ...undo, journal: memoryJournal(entries) });
    assert.deepEqual([...world.present], [], `died after ${lines} lines`);
    assert.equal(ran.end.exit, 0);
    assert.equal(ran.end.outcome, "undone");
    assert.ok(!ran.tokens.includes("Z"));
    if (ended) break;
  }
});

test("keeps what was committed when it is undone on request", async () => {
  const world = makeWorld();
  const parts: PlanParts = {
    steps: [
      { id: "A", uses: "w.lock" },
      { id: "B", uses: "w.make", commit: true },
      { id: "C", uses: "w.make" },
    ],
  };
  const { journal } = await runPlan(parts, world.steps);
  const first = memoryJournal(journal.entries);
  const ran = await runPlan(parts, world.steps, { ...undo, journal: first });
  assert.equal(ran.tokens, "A+ A= C.undo+ C.undo=");
  assert.deepEqual([...world.present], ["B"]);
  const second = await runPlan(parts, world.steps, {
    ...undo,
    journal: memoryJournal(first.entries),
  });
  assert.equal(second.tokens, "A+ A=");
  assert.equal(second.end.exit, 0);
});

test("refuses to undo a finished run of which a commit has released all", async () => {
  const world = makeWorld();
  const parts: PlanParts = {
    steps: [{ id: "A", uses: "w.make" }, { id: "B", uses: "w.make", commit: true }],
  };
  const { journal } = await runPlan(parts, world.steps);
  const before = journal.entries.length;
  await assert.rejects(
    runPlan(parts, world.steps, { ...undo, journal: memoryJournal(journal.entries) }),
    { name: "UsageError", message: /nothing of the run \S+ can be undone/ },
  );
  assert.equal(journal.entries.length, before);
  assert.deepEqual([...world.present], ["A", "B"]);
});

test("tries an undo again that failed, when asked to undo the run", async () => {
  let stuck = true;
  const parts: PlanParts = { steps: [{ id: "A", uses: "w.stuck" }, { id: "B", uses: "w.fail" }] };
  const steps = [
    ...makeWorld().steps,
    testStep({
      name: "w.stuck",
      effect: "reversible",
      undo: () => {
        if (stuck) throw new FailedError("stuck");
      },
    }),
  ];
  const { journal, end } = await runPlan(parts, steps);
  assert.equal(end.exit, 4);
  stuck = false;
  const ran = await runPlan(parts, steps, { ...undo, journal: memoryJournal(journal.entries) });
  assert.equal(ran.tokens, "A.undo+ A.undo=");
  assert.equal(ran.end.exit, 0);
});
