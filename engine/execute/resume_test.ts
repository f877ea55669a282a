// Needs no more than to be started: the runs of these tests are in memory.
import assert from "node:assert/strict";
import * as v from "valibot";
import type { Template } from "../plan/plan.ts";
import { dieAfter, goodPlan, makeWorld, resume, undo } from "./dying_run.ts";
import { strictTests } from "./strict_tests.ts";
import { memoryJournal, type PlanParts, runPlan, testStep } from "./test_bed.ts";

const test = strictTests("execute()");

test("finishes a good run whenever its process dies, again and again", async () => {
  for (let first = 1;; first++) {
    const world = makeWorld();
    const { entries, ended } = await dieAfter(first, goodPlan, world.steps);
    if (ended) break;
    for (let second = 1; second < 12; second++) {
      const journal = memoryJournal(entries.slice(0, first));
      await dieAfter(second, goodPlan, world.steps, { journal, ...resume });
      const last = memoryJournal(journal.entries);
      if (last.entries.some(({ type }) => type === "run.finished")) break;
      const ran = await runPlan(goodPlan, world.steps, { ...resume, journal: last });
      assert.equal(ran.end.exit, 0, `died after ${first}, then ${second} lines`);
      assert.deepEqual([...world.present].sort(), ["B", "C", "F.1", "F.2"]);
      const tokens = ran.events.flatMap((event) => "token" in event ? event.token : []);
      const next = Math.max(
        0,
        ...journal.entries.map((line) => "token" in line ? line.token : 0),
      ) + 1;
      assert.deepEqual(tokens, tokens.map((_, index) => next + index));
    }
  }
});

test("goes on with no journal of another plan, and undoes none", async () => {
  const { steps, log } = makeWorld();
  const { entries } = await dieAfter(4, goodPlan, steps);
  const before = log.length;
  for (const mode of [resume, undo]) {
    const journal = memoryJournal([...entries]);
    const other = { ...goodPlan, name: "other" };
    await assert.rejects(runPlan(other, steps, { ...mode, journal }), /began with another plan/);
  }
  assert.equal(log.length, before);
});

test("does not run again what finished with the same digest", async () => {
  const world = makeWorld();
  const { entries } = await dieAfter(7, goodPlan, world.steps);
  world.log.length = 0;
  const ran = await runPlan(goodPlan, world.steps, { ...resume, journal: memoryJournal(entries) });
  assert.equal(ran.events.find((event) => event.type === "run.started")!.resumed, true);
  assert.deepEqual(world.log, ["do D", "do F.1", "do F.2", "do Z"]);
});

test("undoes an interrupted reversible step and runs it as one new attempt", async () => {
  const world = makeWorld();
  const { entries } = await dieAfter(4, { steps: goodPlan.steps.slice(0, 2) }, world.steps);
  assert.equal(entries.at(-1)!.type, "step.started");
  world.log.length = 0;
  const journal = memoryJournal(entries);
  const ran = await runPlan({ steps: goodPlan.steps.slice(0, 2) }, world.steps, {
    ...resume,
    journal,
  });
  assert.equal(ran.tokens, "B.undo+ B.undo= B+ B=");
  assert.deepEqual(world.log, ["undo B", "do B"]);
  const started = journal.entries.findLast(({ type }) => type === "step.started")!;
  assert.equal(started.type === "step.started" && started.attempt, 2);
});

const sending: PlanParts = {
  steps: [{ id: "A", uses: "w.make" }, { id: "B", uses: "w.send" }, { id: "C", uses: "w.read" }],
};

test("asks about an interrupted irreversible step, and can be resumed after the answer", async () => {
  const world = makeWorld();
  const { entries } = await dieAfter(4, sending, world.steps);
  const asked = memoryJournal(entries);
  const ran = await runPlan(sending, world.steps, { ...resume, journal: asked });
  assert.equal(ran.end.exit, 4);
  assert.equal(ran.end.failure?.step, "B");
  assert.match(ran.end.failure.error.hint!, /sluice mark-done r1 B --reason TEXT/);
  assert.match(ran.end.failure.error.hint!, /sluice resume r1 --again/);
  assert.equal(ran.tokens, "");
  assert.ok(world.present.has("A"));

  const again = { ...resume, mode: { kind: "resume", again: true } } as const;
  const twice = await runPlan(sending, world.steps, {
    ...again,
    journal: memoryJournal(asked.entries),
  });
  assert.equal(twice.tokens, "B+ B= C+ C=");
  assert.equal(twice.end.exit, 0);

  const marked = memoryJournal(asked.entries);
  await marked.append({
    type: "step.marked-done",
    step: "B",
    reason: "the mail is there",
    actor: "me",
    facts: { id: "B" },
  }, { sync: true });
  const after = await runPlan(sending, world.steps, { ...resume, journal: marked });
  assert.equal(after.tokens, "C+ C=");
  assert.equal(after.end.exit, 0);
});

test("refuses to resume a finished run, and says how it ended", async () => {
  const world = makeWorld();
  const { journal } = await runPlan(goodPlan, world.steps);
  await assert.rejects(
    runPlan(goodPlan, world.steps, { ...resume, journal: memoryJournal(journal.entries) }),
    { name: "UsageError", message: "the run r1 is finished: done, exit 0" },
  );
});

test("does what is free again under other code, and keeps the rest", async () => {
  const world = makeWorld();
  const { entries } = await dieAfter(9, goodPlan, world.steps);
  world.log.length = 0;
  const ran = await runPlan(goodPlan, world.steps, {
    ...resume,
    journal: memoryJournal(entries),
    code: "code-2",
  });
  assert.deepEqual(world.log, ["do A", "do D", "do F.1", "do F.2", "do Z"]);
  assert.equal(ran.events.filter((event) => event.type === "note").length, 2);
});

test("redoes a reversible step whose late input has changed", async () => {
  let value = 1;
  const log: string[] = [];
  const steps = [
    testStep({ name: "w.value", run: () => ({ value }) }),
    testStep({
      name: "w.use",
      effect: "reversible",
      late: v.strictObject({ value: v.number() }),
      run: (input) => void log.push(`do ${input.value}`),
      undo: (input) => void log.push(`undo ${input.value}`),
    }),
    testStep({ name: "w.end" }),
  ];
  const template: Template = { kind: "path", path: ["steps", "A", "value"], source: "x" };
  const parts: PlanParts = {
    steps: [
      { id: "A", uses: "w.value" },
      { id: "B", uses: "w.use", late: { value: template } },
      { id: "C", uses: "w.end" },
    ],
  };
  const { entries } = await dieAfter(5, parts, steps);
  value = 2;
  const options = { ...resume, journal: memoryJournal(entries), code: "code-2" };
  const ran = await runPlan(parts, steps, options);
  assert.deepEqual(log, ["do 1", "undo 1", "do 2"]);
  assert.equal(ran.end.exit, 0);
});

test("writes the commit that a killed process did not come to", async () => {
  const world = makeWorld();
  const parts: PlanParts = {
    steps: [{ id: "A", uses: "w.make", commit: true }, { id: "B", uses: "w.fail" }],
  };
  const { entries } = await dieAfter(3, parts, world.steps);
  assert.equal(entries.at(-1)!.type, "step.done");
  const ran = await runPlan(parts, world.steps, { ...resume, journal: memoryJournal(entries) });
  assert.equal(ran.tokens, "B+ B!");
  assert.deepEqual([...world.present], ["A"]);
});
