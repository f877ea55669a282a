// Needs no more than to be started: the runs of these tests are in memory.
import assert from "node:assert/strict";
import * as v from "valibot";
import { dieAfter, failingPlan, listOfD, makeWorld, resume } from "./dying_run.ts";
import { strictTests } from "./strict_tests.ts";
import { memoryJournal, pathTo, type PlanParts, runPlan, testStep } from "./test_bed.ts";

const test = strictTests("execute()");

test("undoes a failed run whenever its process dies, then runs its finally steps", async () => {
  for (let first = 1;; first++) {
    const world = makeWorld();
    const { entries, ended } = await dieAfter(first, failingPlan, world.steps);
    if (ended) break;
    for (let second = 1; second < 14; second++) {
      const journal = memoryJournal(entries.slice(0, first));
      await dieAfter(second, failingPlan, world.steps, { journal, ...resume });
      const last = memoryJournal(journal.entries);
      if (last.entries.some(({ type }) => type === "run.finished")) break;
      const ran = await runPlan(failingPlan, world.steps, { ...resume, journal: last });
      assert.equal(ran.end.exit, 5, `died after ${first}, then ${second} lines`);
      assert.equal(ran.end.failure?.step, "E");
      assert.deepEqual([...world.present], []);
      const done = last.entries.filter(({ type }) => type === "step.done");
      assert.ok(done.some((line) => "step" in line && line.step === "Z"));
    }
  }
});

test("gives finally steps the facts from before, and holds again before it undoes", async () => {
  const world = makeWorld();
  const id = pathTo("steps", "B", "id");
  let seen: unknown;
  const see = testStep({
    name: "w.see",
    late: v.strictObject({ id: v.string() }),
    run: (input, ctx) => void (seen = { ...input, failed: ctx.run.failure?.step }),
  });
  const parts: PlanParts = {
    steps: [
      { id: "A", uses: "w.lock" },
      { id: "B", uses: "w.make" },
      { id: "C", uses: "w.fail" },
    ],
    finally: [{ id: "Z", uses: "w.see", late: { id } }],
  };
  const steps = [...world.steps, see];
  // Killed right after the failure, after the decision to undo, and within the undo.
  for (const lines of [7, 8, 9, 10]) {
    const { entries } = await dieAfter(lines, parts, steps);
    world.log.length = 0;
    const ran = await runPlan(parts, steps, { ...resume, journal: memoryJournal(entries) });
    assert.deepEqual(seen, { id: "B", failed: "C" });
    assert.equal(world.log[0], "do A");
    assert.equal(ran.end.exit, 5, `died after ${lines} lines`);
    assert.deepEqual([...world.present], []);
  }
});

test("gives finally steps the list of a for_each from before", async () => {
  const world = makeWorld();
  let seen: unknown;
  const see = testStep({
    name: "w.see",
    late: v.strictObject({ all: v.array(v.looseObject({ id: v.string() })) }),
    run: ({ all }) => void (seen = all.map(({ id }: { id: string }) => id)),
  });
  const all = pathTo("steps", "F");
  const parts: PlanParts = {
    steps: [
      { id: "D", uses: "w.read" },
      { id: "F", uses: "w.make", for_each: listOfD },
      { id: "X", uses: "w.fail" },
    ],
    finally: [{ id: "Z", uses: "w.see", late: { all } }],
  };
  const steps = [...world.steps, see];
  const { entries } = await dieAfter(10, parts, steps);
  assert.equal(entries.at(-1)!.type, "run.undoing");
  const ran = await runPlan(parts, steps, { ...resume, journal: memoryJournal(entries) });
  assert.equal(ran.end.exit, 5);
  assert.deepEqual(seen, ["F.1", "F.2"]);
});
