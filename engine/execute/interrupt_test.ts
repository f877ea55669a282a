// Needs no more than to be started: the runs of these tests are in memory.
import assert from "node:assert/strict";
import { InterruptedError } from "../errors.ts";
import { strictTests } from "./strict_tests.ts";
import { memoryJournal, type PlanParts, runPlan, testStep } from "./test_bed.ts";
import { testClock } from "./test_clock.ts";

const test = strictTests("execute()");

/** Steps of which `i.wait` tells when it has begun and goes on until it is stopped. */
function makeSteps(log: string[]) {
  const begun = Promise.withResolvers<void>();
  const undoing = Promise.withResolvers<void>();
  const wait = (_: unknown, signal: AbortSignal) =>
    new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  const steps = [
    testStep({ name: "i.nothing" }),
    testStep({
      name: "i.do",
      effect: "reversible",
      run: (_, { id }) => void log.push(`do ${id}`),
      undo: (_, _facts, { id }) => void log.push(`undo ${id}`),
    }),
    testStep({
      name: "i.wait",
      effect: "reversible",
      run: (_, ctx) => (begun.resolve(), wait(ctx, ctx.signal)),
      undo: () => void log.push("undo wait"),
    }),
    testStep({
      name: "i.stay",
      effect: "reversible",
      undo: (_, _facts, ctx) => (undoing.resolve(), wait(ctx, ctx.signal)),
    }),
  ];
  return { steps, begun: begun.promise, undoing: undoing.promise };
}

test("stops, undoes and ends 130 when the end is asked for", async () => {
  const log: string[] = [];
  const { steps, begun } = makeSteps(log);
  const abort = new AbortController();
  const running = runPlan(
    {
      steps: [
        { id: "A", uses: "i.do" },
        { id: "B", uses: "i.wait" },
        { id: "C", uses: "i.do" },
      ],
      finally: [{ id: "Z", uses: "i.nothing" }],
    },
    steps,
    { signal: abort.signal },
  );
  await begun;
  abort.abort(new InterruptedError("Ctrl-C"));
  const ran = await running;
  assert.equal(ran.tokens, "A+ A= B+ B! B.undo+ B.undo= A.undo+ A.undo= Z+ Z=");
  assert.deepEqual(log, ["do A", "undo wait", "undo A"]);
  assert.equal(ran.end.outcome, "interrupted");
  assert.equal(ran.end.exit, 130);
  assert.equal(ran.end.failure?.error.message, "Ctrl-C");
});

test("does nothing when the end was asked for before it began", async () => {
  const log: string[] = [];
  const { steps } = makeSteps(log);
  const ran = await runPlan({ steps: [{ id: "A", uses: "i.do" }] }, steps, {
    signal: AbortSignal.abort(),
  });
  assert.equal(ran.tokens, "");
  assert.equal(ran.end.exit, 130);
});

test("is done when the last step ended although the end was asked for", async () => {
  const abort = new AbortController();
  const last = testStep({ name: "i.last", run: () => abort.abort() });
  const ran = await runPlan({ steps: [{ id: "A", uses: "i.last" }] }, [last], {
    signal: abort.signal,
  });
  assert.equal(ran.end.exit, 0);
});

test("leaves the undo to a resume when the end is asked for twice", async () => {
  const log: string[] = [];
  const { steps, begun, undoing } = makeSteps(log);
  const [first, second] = [new AbortController(), new AbortController()];
  const parts: PlanParts = {
    steps: [
      { id: "A", uses: "i.do" },
      { id: "B", uses: "i.stay" },
      { id: "C", uses: "i.wait" },
    ],
    finally: [{ id: "Z", uses: "i.nothing" }],
  };
  const journal = memoryJournal();
  const signals = { signal: first.signal, secondSignal: second.signal };
  const running = runPlan(parts, steps, { journal, ...signals });
  await begun;
  first.abort();
  await undoing;
  second.abort();
  const ran = await running;
  assert.equal(ran.tokens, "A+ A= B+ B= C+ C! C.undo+ C.undo= B.undo+ B.undo!");
  assert.equal(ran.end.exit, 130);
  assert.equal(journal.entries.at(-1)!.type, "run.suspended");

  const stay = steps.map((step) =>
    step.name === "i.stay" ? testStep({ name: "i.stay", effect: "reversible" }) : step
  );
  const rest = await runPlan(parts, stay, {
    mode: { kind: "resume", again: false },
    journal: memoryJournal(journal.entries),
  });
  assert.equal(rest.tokens, "B.undo+ B.undo= A.undo+ A.undo= Z+ Z=");
  assert.equal(rest.end.exit, 130);
  assert.equal(rest.end.outcome, "interrupted");
});

test("fails as a bug when a step does not stop, and does not undo it", async () => {
  const log: string[] = [];
  const clock = testClock();
  const begun = Promise.withResolvers<void>();
  const deaf = testStep({
    name: "i.deaf",
    effect: "reversible",
    run: () => (begun.resolve(), new Promise(() => {})),
    undo: () => void log.push("undo deaf"),
  });
  const running = runPlan(
    {
      steps: [{ id: "A", uses: "i.do" }, { id: "B", uses: "i.deaf", timeout_ms: 100 }],
    },
    [...makeSteps(log).steps, deaf],
    { clock },
  );
  await begun.promise;
  await clock.advance(100);
  await clock.advance(5000);
  const ran = await running;
  assert.equal(ran.end.exit, 70);
  assert.match(ran.end.failure!.error.message, /B did not stop within 5 s/);
  assert.equal(ran.tokens, "A+ A= B+ B! B.undo+ B.undo! A.undo+ A.undo=");
  assert.deepEqual(log, ["do A", "undo A"]);
  assert.ok(ran.events.some((event) => event.type === "note" && event.step === "B"));
});
