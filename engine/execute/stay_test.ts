// Needs no more than to be started: the runs of these tests are in memory.
import assert from "node:assert/strict";
import { FailedError } from "../errors.ts";
import type { StepContext } from "../step.ts";
import { strictTests } from "./strict_tests.ts";
import { memoryJournal, type PlanParts, runPlan, testStep } from "./test_bed.ts";
import { testClock } from "./test_clock.ts";

const test = strictTests("stayUp()");

/** A step that leaves something alive, and says when that ends. */
function keeper(ends: string[], keep: (ctx: StepContext) => void = () => {}) {
  return testStep({
    name: "s.keep",
    holds: true,
    run(_, ctx) {
      ctx.scope.defer(() => void ends.push("released"));
      keep(ctx);
    },
  });
}

const parts: PlanParts = {
  stay: true,
  steps: [{ id: "A", uses: "s.do" }, { id: "B", uses: "s.keep" }],
  finally: [{ id: "Z", uses: "s.end" }],
};

test("ends done when it is told to end, after what it held", async () => {
  const stop = new AbortController();
  const ends: string[] = [];
  const ran = await runPlan(parts, [
    testStep({ name: "s.do" }),
    keeper(ends),
    testStep({ name: "s.end", run: () => void ends.push("finally") }),
  ], {
    signal: stop.signal,
    onEvent(event) {
      if (event.type !== "run.up") return;
      assert.deepEqual(ends, []);
      stop.abort();
    },
  });
  assert.equal(ran.tokens, "A+ A= B+ B= Z+ Z=");
  assert.deepEqual(ends, ["finally", "released"]);
  assert.deepEqual([ran.end.outcome, ran.end.exit], ["done", 0]);
});

test("tells a step when the run is up, and not before", async () => {
  const stop = new AbortController();
  const told: string[] = [];
  const steps = [
    testStep({ name: "s.do", run: (_, ctx) => ctx.run.whenUp(() => told.push("up")) }),
    keeper([], () => told.push("last step")),
    testStep({ name: "s.end" }),
  ];
  await runPlan(parts, steps, {
    signal: stop.signal,
    onEvent: (event) => event.type === "run.up" && stop.abort(),
  });
  assert.deepEqual(told, ["last step", "up"]);
});

test("ends as interrupted when it is told to end before it is up", async () => {
  const stop = new AbortController();
  const first = testStep({
    name: "s.do",
    run(_, { signal }) {
      stop.abort();
      signal.throwIfAborted();
    },
  });
  const steps = [first, keeper([]), testStep({ name: "s.end" })];
  const ran = await runPlan(parts, steps, { signal: stop.signal });
  assert.deepEqual([ran.end.outcome, ran.end.exit], ["interrupted", 130]);
  assert.ok(!ran.events.some(({ type }) => type === "run.up"));
});

test("fails and undoes the run when a step loses what it held", async () => {
  const ends: string[] = [];
  let lose = () => {};
  const ran = await runPlan(parts, [
    testStep({ name: "s.do", effect: "reversible", undo: () => void ends.push("undone") }),
    keeper(ends, (ctx) => lose = () => ctx.lost(new FailedError("the worker is gone"))),
    testStep({ name: "s.end" }),
  ], {
    onEvent: (event) => event.type === "run.up" && lose(),
  });
  assert.equal(ran.tokens, "A+ A= B+ B= A.undo+ A.undo= Z+ Z=");
  assert.deepEqual(ends, ["undone", "released"]);
  assert.deepEqual([ran.end.failure?.step, ran.end.failure?.error.message], [
    "B",
    "the worker is gone",
  ]);
  assert.equal(ran.end.exit, 5);
});

test("stops the steps that are still at work when something is lost", async () => {
  let lose = () => {};
  const ran = await runPlan({ ...parts, steps: [...parts.steps, { id: "C", uses: "s.wait" }] }, [
    testStep({ name: "s.do" }),
    keeper([], (ctx) => lose = () => ctx.lost(new FailedError("the worker is gone"))),
    testStep({
      name: "s.wait",
      run: (_, { signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
          lose();
        }),
    }),
    testStep({ name: "s.end" }),
  ]);
  assert.equal(ran.end.failure?.step, "B");
  assert.equal(ran.end.exit, 4);
});

test("does not take for lost what ends with the run", async () => {
  const stop = new AbortController();
  const steps = [
    testStep({ name: "s.do" }),
    keeper([], (ctx) => ctx.scope.defer(() => ctx.lost(new FailedError("of course")))),
    testStep({ name: "s.end" }),
  ];
  const ran = await runPlan(parts, steps, {
    signal: stop.signal,
    onEvent: (event) => event.type === "run.up" && stop.abort(),
  });
  assert.equal(ran.end.exit, 0);
});

test("holds again and stays when another process goes on with it", async () => {
  const steps = (ends: string[]) => [
    testStep({ name: "s.do", effect: "irreversible" }),
    keeper(ends),
    testStep({ name: "s.end" }),
  ];
  const journal = memoryJournal();
  const first = new AbortController();
  const begun = await runPlan(parts, steps([]), {
    journal,
    signal: first.signal,
    onEvent: (event) => event.type === "run.up" && first.abort(),
  });
  // As a killed process leaves it: up, and nothing after that.
  const ups = begun.journal.entries.findIndex((entry) =>
    entry.type === "step.started" && entry.step === "Z"
  );
  const second = new AbortController();
  const ends: string[] = [];
  const ran = await runPlan(parts, steps(ends), {
    journal: memoryJournal(begun.journal.entries.slice(0, ups)),
    mode: { kind: "resume", again: false },
    signal: second.signal,
    onEvent: (event) => event.type === "run.up" && second.abort(),
  });
  assert.equal(ran.tokens, "B+ B= Z+ Z=");
  assert.deepEqual(ends, ["released"]);
  assert.equal(ran.end.exit, 0);
});

test("waits for a long release as long as its step says", async () => {
  const clock = testClock();
  const stop = new AbortController();
  const slow = {
    ...testStep({
      name: "s.keep",
      holds: true,
      run(_, ctx) {
        ctx.scope.defer(() => ctx.clock.sleep(25_000));
      },
    }),
    release_ms: () => 30_000,
  };
  const running = runPlan(parts, [testStep({ name: "s.do" }), slow, testStep({ name: "s.end" })], {
    clock,
    signal: stop.signal,
    onEvent: (event) => event.type === "run.up" && stop.abort(),
  });
  await clock.sleeper(25_000);
  await clock.advance(25_000);
  assert.equal((await running).end.exit, 0);
});
