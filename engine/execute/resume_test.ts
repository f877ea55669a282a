// Needs no more than to be started: the runs of these tests are in memory.
import assert from "node:assert/strict";
import * as v from "valibot";
import { BusyError, FailedError } from "../errors.ts";
import type { JournalEntry } from "../journal/entry.ts";
import type { Template } from "../plan/plan.ts";
import type { AnyStep, StepContext } from "../step.ts";
import { strictTests } from "./strict_tests.ts";
import {
  type MemoryJournal,
  memoryJournal,
  type PlanParts,
  runPlan,
  testStep,
} from "./test_bed.ts";

const resume = { mode: { kind: "resume", again: false } } as const;
const undo = { mode: { kind: "undo" } } as const;

const test = strictTests("execute()");

/** A world of which steps make parts, and what they did to it, in order. */
function makeWorld() {
  const present = new Set<string>();
  const log: string[] = [];
  const kind = (name: string, effect: "none" | "reversible" | "irreversible") =>
    testStep({
      name,
      effect,
      run: (_, { id }) => {
        log.push(`do ${id}`);
        if (effect !== "none") present.add(id);
        return { id, list: ["x", "y"] };
      },
      undo: (_, _facts, { id }) => {
        log.push(`undo ${id}`);
        present.delete(id);
      },
    });
  const steps = [
    kind("w.read", "none"),
    kind("w.make", "reversible"),
    kind("w.send", "irreversible"),
    testStep({
      name: "w.fail",
      run: () => {
        throw new FailedError("no");
      },
    }),
    testStep({ name: "w.lock", holds: true, run: (_, { id }) => void log.push(`do ${id}`) }),
  ];
  return { present, log, steps };
}

/** The steps of a world with a lock that others may have. */
function withLock(
  { log, steps }: ReturnType<typeof makeWorld>,
  isBusy: (ctx: StepContext) => boolean,
): readonly AnyStep[] {
  const lock = testStep({
    name: "w.lock",
    holds: true,
    run: (_, ctx) => {
      if (isBusy(ctx)) throw new BusyError("held by 7");
      log.push(`do ${ctx.id}`);
    },
  });
  return [...steps.filter(({ name }) => name !== "w.lock"), lock];
}

/** Runs a plan in a process that dies when it has written `lines` lines. */
async function dieAfter(
  lines: number,
  parts: PlanParts,
  steps: readonly AnyStep[],
  options: { journal?: MemoryJournal; mode?: typeof resume.mode | typeof undo.mode } = {},
): Promise<{ entries: readonly JournalEntry[]; ended: boolean }> {
  const memory = options.journal ?? memoryJournal();
  const before = memory.entries.length;
  const dead = Promise.withResolvers<"dead">();
  const journal = {
    entries: [...memory.entries],
    append(...line: Parameters<MemoryJournal["append"]>): Promise<void> {
      if (memory.entries.length - before < lines) return memory.append(...line);
      dead.resolve("dead");
      return new Promise(() => {}); // Nothing goes on in a process that is dead.
    },
    giveUp: () => memory.giveUp(),
  };
  const { mode = { kind: "run" } as const } = options;
  const ended = await Promise.race([runPlan(parts, steps, { journal, mode }), dead.promise]);
  return { entries: memory.entries, ended: ended !== "dead" };
}

const list: Template = { kind: "path", path: ["steps", "D", "list"], source: "steps.D.list" };

const good: PlanParts = {
  steps: [
    { id: "A", uses: "w.read" },
    { id: "B", uses: "w.make" },
    { id: "C", uses: "w.make", needs: ["A"] },
    { id: "D", uses: "w.read", needs: ["B", "C"] },
    { id: "F", uses: "w.make", for_each: list, max_parallel: 2 },
  ],
  finally: [{ id: "Z", uses: "w.read" }],
};

const bad: PlanParts = { ...good, steps: [...good.steps, { id: "E", uses: "w.fail" }] };

test("finishes a good run whenever its process dies, again and again", async () => {
  for (let first = 1;; first++) {
    const world = makeWorld();
    const { entries, ended } = await dieAfter(first, good, world.steps);
    if (ended) break;
    for (let second = 1; second < 12; second++) {
      const journal = memoryJournal(entries.slice(0, first));
      await dieAfter(second, good, world.steps, { journal, ...resume });
      const last = memoryJournal(journal.entries);
      if (last.entries.some(({ type }) => type === "run.finished")) break;
      const ran = await runPlan(good, world.steps, { ...resume, journal: last });
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
  const { entries } = await dieAfter(4, good, steps);
  const before = log.length;
  for (const mode of [resume, undo]) {
    const journal = memoryJournal([...entries]);
    const other = { ...good, name: "other" };
    await assert.rejects(runPlan(other, steps, { ...mode, journal }), /began with another plan/);
  }
  assert.equal(log.length, before);
});

test("undoes a failed run whenever its process dies, then runs its finally steps", async () => {
  for (let first = 1;; first++) {
    const world = makeWorld();
    const { entries, ended } = await dieAfter(first, bad, world.steps);
    if (ended) break;
    for (let second = 1; second < 14; second++) {
      const journal = memoryJournal(entries.slice(0, first));
      await dieAfter(second, bad, world.steps, { journal, ...resume });
      const last = memoryJournal(journal.entries);
      if (last.entries.some(({ type }) => type === "run.finished")) break;
      const ran = await runPlan(bad, world.steps, { ...resume, journal: last });
      assert.equal(ran.end.exit, 5, `died after ${first}, then ${second} lines`);
      assert.equal(ran.end.failure?.step, "E");
      assert.deepEqual([...world.present], []);
      const done = last.entries.filter(({ type }) => type === "step.done");
      assert.ok(done.some((line) => "step" in line && line.step === "Z"));
    }
  }
});

test("leaves nothing when a run is undone on request, whenever its process died", async () => {
  for (let lines = 1;; lines++) {
    const world = makeWorld();
    const { entries, ended } = await dieAfter(lines, good, world.steps);
    const ran = await runPlan(good, world.steps, { ...undo, journal: memoryJournal(entries) });
    assert.deepEqual([...world.present], [], `died after ${lines} lines`);
    assert.equal(ran.end.exit, 0);
    assert.equal(ran.end.outcome, "undone");
    assert.ok(!ran.tokens.includes("Z"));
    if (ended) break;
  }
});

test("does not run again what finished with the same digest", async () => {
  const world = makeWorld();
  const { entries } = await dieAfter(7, good, world.steps);
  world.log.length = 0;
  const ran = await runPlan(good, world.steps, { ...resume, journal: memoryJournal(entries) });
  assert.equal(ran.events.find((event) => event.type === "run.started")!.resumed, true);
  assert.deepEqual(world.log, ["do D", "do F.1", "do F.2", "do Z"]);
});

test("undoes an interrupted reversible step and runs it as one new attempt", async () => {
  const world = makeWorld();
  const { entries } = await dieAfter(4, { steps: good.steps.slice(0, 2) }, world.steps);
  assert.equal(entries.at(-1)!.type, "step.started");
  world.log.length = 0;
  const journal = memoryJournal(entries);
  const ran = await runPlan({ steps: good.steps.slice(0, 2) }, world.steps, { ...resume, journal });
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

test("refuses to resume a finished run, and says how it ended", async () => {
  const world = makeWorld();
  const { journal } = await runPlan(good, world.steps);
  await assert.rejects(
    runPlan(good, world.steps, { ...resume, journal: memoryJournal(journal.entries) }),
    { name: "UsageError", message: "the run r1 is finished: done, exit 0" },
  );
});

test("does what is free again under other code, and keeps the rest", async () => {
  const world = makeWorld();
  const { entries } = await dieAfter(9, good, world.steps);
  world.log.length = 0;
  const ran = await runPlan(good, world.steps, {
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

test("gives finally steps the facts from before, and holds again before it undoes", async () => {
  const world = makeWorld();
  const template: Template = { kind: "path", path: ["steps", "B", "id"], source: "steps.B.id" };
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
    finally: [{ id: "Z", uses: "w.see", late: { id: template } }],
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
  const all: Template = { kind: "path", path: ["steps", "F"], source: "steps.F" };
  const parts: PlanParts = {
    steps: [
      { id: "D", uses: "w.read" },
      { id: "F", uses: "w.make", for_each: list },
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
