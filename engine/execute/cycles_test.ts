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

test("ends 130 when the end is asked for within a cycle", async () => {
  const abort = new AbortController();
  const steps = [testStep({
    name: "c.stop",
    run: (_, { signal }) => {
      abort.abort();
      signal.throwIfAborted();
    },
  })];
  const ran = await runPlan({ every, steps: [{ id: "A", uses: "c.stop" }] }, steps, {
    signal: abort.signal,
  });
  assert.equal(ran.end.exit, 130);
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
