// Needs no more than to be started: the runs of these tests are in memory.
import assert from "node:assert/strict";
import { FailedError } from "../errors.ts";
import { strictTests } from "./strict_tests.ts";
import { memoryJournal, type PlanParts, runPlan, testStep } from "./test_bed.ts";
import { testClock } from "./test_clock.ts";

const test = strictTests("repeat()");

const every = { period_ms: 1000, jitter: 0.1 };

test("repeats steps and finally until the end is asked for between two cycles", async () => {
  const clock = testClock();
  const abort = new AbortController();
  const begins: number[] = [];
  const steps = [
    testStep({
      name: "c.do",
      run: () => {
        begins.push(clock.monotonic());
        if (begins.length === 2) throw new FailedError("this once");
      },
    }),
    testStep({ name: "c.end" }),
  ];
  const parts: PlanParts = {
    every,
    steps: [{ id: "A", uses: "c.do" }],
    finally: [{ id: "Z", uses: "c.end" }],
  };
  const journal = memoryJournal();
  const running = runPlan(parts, steps, {
    clock,
    journal,
    signal: abort.signal,
    random: () => 1,
  });
  for (let cycle = 1; cycle <= 3; cycle++) {
    await clock.sleeper(1100);
    if (cycle < 3) await clock.advance(1100);
  }
  abort.abort();
  const ran = await running;
  assert.deepEqual(begins, [0, 1100, 2200]);
  assert.equal(ran.tokens, "A+ A= Z+ Z= A+ A! Z+ Z= A+ A= Z+ Z=");
  const cycles = ran.events.flatMap((event) => event.type === "cycle.finished" ? [event.exit] : []);
  assert.deepEqual(cycles, [0, 4, 0]);
  assert.equal(ran.end.outcome, "done");
  assert.equal(ran.end.exit, 0);
  assert.deepEqual(ran.events.flatMap((event) => "token" in event ? event.token : []).at(-1), 12);
});

/** Repeats a step that is told to end while it works, or in the pause after it. */
async function endedIn(moment: "step" | "pause", undo: () => void, fails = false) {
  const abort = new AbortController();
  const clock = testClock();
  const steps = [
    testStep({ name: "c.make", effect: "reversible", undo }),
    testStep({
      name: "c.look",
      run: (_, { signal }) => {
        if (moment === "step") abort.abort();
        signal.throwIfAborted();
        if (fails) throw new FailedError("it is down");
      },
    }),
  ];
  const parts = { every, steps: [{ id: "A", uses: "c.make" }, { id: "B", uses: "c.look" }] };
  const running = runPlan(parts, steps, { clock, signal: abort.signal });
  if (moment === "pause") {
    await clock.sleeper(1000);
    abort.abort();
  }
  return await running;
}

test("ends 0 when the end is asked for, in a cycle that is then undone as between two", async () => {
  const within = await endedIn("step", () => {});
  assert.equal(within.tokens, "A+ A= B+ B! A.undo+ A.undo=");
  assert.deepEqual([within.end.outcome, within.end.exit], ["done", 0]);
  const cycle = within.events.find((event) => event.type === "cycle.finished");
  assert.deepEqual([cycle?.outcome, cycle?.exit], ["interrupted", 130]);
  const between = await endedIn("pause", () => {});
  assert.deepEqual([between.end.outcome, between.end.exit], ["done", 0]);
  const failed = await endedIn("pause", () => {}, true);
  assert.deepEqual([failed.end.outcome, failed.end.exit], ["done", 0]);
});

test("ends 4 when what the last cycle did could not be undone, whenever the end is asked for", async () => {
  const undo = () => {
    throw new FailedError("it is stuck");
  };
  for (const moment of ["step", "pause"] as const) {
    const { end } = await endedIn(moment, undo, true);
    assert.deepEqual([moment, end.outcome, end.exit], [moment, "failed", 4]);
    assert.deepEqual(end.undoFailures.map(({ step }) => step), ["A"]);
  }
});

test("goes on with the cycle in which its process died, then with new ones", async () => {
  const abort = new AbortController();
  const log: string[] = [];
  const steps = ["c.one", "c.two"].map((name) =>
    testStep({
      name,
      effect: "reversible",
      run: (_, { id }) => {
        log.push(id);
        return {};
      },
    })
  );
  const parts: PlanParts = {
    every,
    steps: [{ id: "A", uses: "c.one" }, { id: "B", uses: "c.two" }],
  };
  const clock = testClock();
  const first = memoryJournal();
  const running = runPlan(parts, steps, { clock, journal: first, signal: abort.signal });
  await clock.sleeper(1000);
  abort.abort();
  await running;
  const died = first.entries.findIndex((line) => line.type === "step.done") + 1;
  log.length = 0;

  const again = new AbortController();
  const later = testClock();
  const resumed = runPlan(parts, steps, {
    mode: { kind: "resume", again: false },
    clock: later,
    journal: memoryJournal(first.entries.slice(0, died)),
    signal: again.signal,
  });
  await later.sleeper(1000);
  await later.advance(1000);
  await later.sleeper(1000);
  again.abort();
  const ran = await resumed;
  assert.deepEqual(log, ["B", "A", "B"]);
  assert.equal(ran.end.exit, 0);
});
