// flags: --allow-read
import assert from "node:assert/strict";
import * as v from "valibot";
import { FailedError, TransientError } from "../errors.ts";
import type { Template } from "../plan/plan.ts";
import { strictTests } from "./strict_tests.ts";
import { pathTo, runPlan, testStep } from "./test_bed.ts";
import { failing, nothing, recorded } from "./test_steps.ts";

const test = strictTests("execute()");

test("runs steps in order and numbers the tokens from 1", async () => {
  const ran = await runPlan({
    steps: [{ id: "A", uses: "t.nothing" }, { id: "B", uses: "t.nothing" }],
  }, [
    nothing,
  ]);
  assert.equal(ran.tokens, "A+ A= B+ B=");
  assert.deepEqual(ran.events.flatMap((event) => "token" in event ? event.token : []), [
    1,
    2,
    3,
    4,
  ]);
  assert.deepEqual(ran.end, { outcome: "done", exit: 0, undoFailures: [] });
  assert.equal(ran.events[0]!.type, "run.started");
  assert.equal(ran.events.at(-1)!.type, "run.finished");
});

test("starts steps at once that need nothing of each other", async () => {
  const met = Promise.withResolvers<void>();
  let here = 0;
  const meet = testStep({
    name: "t.meet",
    run: async () => {
      if (++here === 2) met.resolve();
      await met.promise;
    },
  });
  const ran = await runPlan({
    steps: [
      { id: "A", uses: "t.meet", needs: [] },
      { id: "B", uses: "t.meet", needs: [] },
      { id: "C", uses: "t.nothing", needs: ["A", "B"] },
    ],
  }, [meet, nothing]);
  assert.equal(ran.end.exit, 0);
  assert.match(ran.tokens, /C\+ C=$/);
});

test("gives a step the facts of earlier ones, checked by its late schema", async () => {
  const make = testStep({ name: "t.make", run: () => ({ size: 3 }) });
  const use = testStep({
    name: "t.use",
    late: v.strictObject({ size: v.number() }),
    run: ({ size, unit }) => ({ text: `${size} ${unit}` }),
  });
  const steps = (size: Template) => [
    { id: "A", uses: "t.make" },
    { id: "B", uses: "t.use", params: { unit: "MB" }, late: { size } },
  ];
  const good = await runPlan({ steps: steps(pathTo("steps", "A", "size")) }, [make, use]);
  const done = good.events.findLast((event) => event.type === "step.done")!;
  assert.deepEqual(done.facts, { text: "3 MB" });

  const bad = await runPlan({ steps: steps({ kind: "value", value: "big" }) }, [make, use]);
  assert.equal(bad.end.exit, 2);
  assert.equal(bad.end.failure?.step, "B");
  assert.match(bad.end.failure.error.message, /input of B .*with\.size: .*number/);

  const missing = await runPlan({ steps: steps(pathTo("steps", "A", "length")) }, [make, use]);
  assert.equal(missing.end.exit, 2);
  assert.match(missing.end.failure!.error.message, /with\.size: .*steps\.A\.length/);
});

test("fails a step whose facts are not what it declares", async () => {
  const facts = v.strictObject({ n: v.number() });
  const wrong = testStep({ name: "t.wrong", facts, run: () => ({ n: "1" }) });
  const ran = await runPlan({ steps: [{ id: "A", uses: "t.wrong" }] }, [wrong]);
  assert.equal(ran.end.exit, 70);
  assert.match(ran.end.failure!.error.message, /A \(t\.wrong\) .*facts\.n/);

  const date = testStep({ name: "t.date", run: () => ({ at: [new Date(0)] }) });
  const dated = await runPlan({ steps: [{ id: "A", uses: "t.date" }] }, [date]);
  assert.equal(dated.end.exit, 70);
  assert.match(dated.end.failure!.error.message, /facts\.at\[0\]/);
});

test("fails a step that names an artifact which does not exist", async () => {
  const missing = new URL("./nonexistent/file", import.meta.url).pathname;
  const lie = testStep({ name: "t.lie", run: (_, ctx) => ctx.emit.artifact(missing) });
  const ran = await runPlan({ steps: [{ id: "A", uses: "t.lie" }] }, [lie]);
  assert.equal(ran.tokens, "A+ A!");
  assert.match(ran.end.failure!.error.message, /artifact \S*\/nonexistent\/file/);
});

test("skips a step whose condition is false, and runs what needs it", async () => {
  const when = (source: string) => [{ scope: "", condition: { kind: "cel", source } as const }];
  const ran = await runPlan({
    params: { wanted: false },
    steps: [
      { id: "A", uses: "t.nothing", when: when("params.wanted") },
      { id: "B", uses: "t.nothing", when: when("!has(steps.A)") },
    ],
  }, [nothing]);
  assert.equal(ran.tokens, "A- B+ B=");
  const skipped = ran.events.find((event) => event.type === "step.skipped")!;
  assert.equal(skipped.notes, "when: ${{ params.wanted }} is false");
  assert.equal(ran.end.exit, 0);
});

test("retries only what may be retried", async () => {
  let tries = 0;
  const flaky = testStep({
    name: "t.flaky",
    run: () => {
      if (++tries < 3) throw new TransientError("refused");
      return { tries };
    },
  });
  const retry = { attempts: 5, delay_ms: 1, max_delay_ms: 1, jitter: 0 };
  const ran = await runPlan({ steps: [{ id: "A", uses: "t.flaky", retry }] }, [flaky]);
  assert.equal(ran.tokens, "A+ A=");
  const retries = ran.events.filter((event) => event.type === "step.retrying");
  assert.deepEqual(retries.map(({ attempt }) => attempt), [1, 2]);

  const hard = await runPlan({ steps: [{ id: "A", uses: "t.fail", retry }] }, [
    failing(new FailedError("no")),
  ]);
  assert.equal(hard.events.filter((event) => event.type === "step.retrying").length, 0);
});

test("ends 124 when a step's deadline passed and nothing was to be undone", async () => {
  const slow = testStep({ name: "t.slow", run: (_, ctx) => ctx.clock.sleep(60_000, ctx.signal) });
  const ran = await runPlan({ steps: [{ id: "A", uses: "t.slow", timeout_ms: 5 }] }, [slow]);
  assert.equal(ran.end.exit, 124);
  assert.equal(ran.end.outcome, "timed-out");
});

test("journals with fsync only around steps that have an effect, before it tells", async () => {
  const log: string[] = [];
  let told = 0;
  const ran = await runPlan(
    {
      steps: [{ id: "A", uses: "t.nothing" }, { id: "B", uses: "t.do" }],
    },
    [nothing, recorded(log)],
    { onEvent: () => told++ },
  );
  const synced = ran.journal.synced.flatMap((record) => "step" in record ? record.step : []);
  assert.deepEqual(synced, ["B", "B"]);
  assert.ok(told > 0);

  const quiet = await runPlan({ steps: [{ id: "A", uses: "t.nothing" }] }, [nothing]);
  assert.equal(quiet.journal.synced.length, 0);
});

test("gives an included pipeline its own parameters and ids", async () => {
  const make = testStep({ name: "t.make", run: ({ n }) => ({ n }) });
  const seen: unknown[] = [];
  const see = testStep({
    name: "t.see",
    late: v.strictObject({ size: v.number(), inner: v.number() }),
    run: (input, { id }) => void seen.push({ id, ...input }),
  });
  const scopes = [
    { prefix: "", params: {} },
    {
      prefix: "I.",
      parent: "",
      params: { size: pathTo("steps", "A", "n"), no: pathTo("steps", "Q") },
    },
  ];
  const ran = await runPlan({
    scopes,
    steps: [
      { id: "A", uses: "t.make", params: { n: 7 } },
      { id: "I.A", uses: "t.make", params: { n: 8 }, scope: "I." },
      {
        id: "I.S",
        uses: "t.see",
        scope: "I.",
        late: { size: pathTo("params", "size"), inner: pathTo("steps", "A", "n") },
      },
      {
        id: "S",
        uses: "t.see",
        late: { size: pathTo("steps", "A", "n"), inner: pathTo("steps", "I.A", "n") },
      },
    ],
  }, [make, see]);
  assert.equal(ran.end.exit, 0, `${ran.end.failure?.error.message}`);
  assert.deepEqual(seen, [{ id: "I.S", size: 7, inner: 8 }, { id: "S", size: 7, inner: 8 }]);
});

test("refuses a plan for other steps, naming all of them", async () => {
  const steps = [{ id: "A", uses: "t.nothing" }, { id: "B", uses: "x.y" }, {
    id: "C",
    uses: "x.z",
  }];
  const work = runPlan({ steps }, [nothing]);
  await assert.rejects(work, (error: Error) => {
    assert.equal(error.name, "InvalidInputError");
    assert.match(error.message, /B uses x\.y.*C uses x\.z/);
    return true;
  });
});
