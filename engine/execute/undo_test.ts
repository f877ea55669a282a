import assert from "node:assert/strict";
import {
  BusyError,
  FailedError,
  InvalidInputError,
  NotAuthorisedError,
  RefusedError,
} from "../errors.ts";
import { strictTests } from "./strict_tests.ts";
import { runPlan, testStep } from "./test_bed.ts";
import { failing, nothing, recorded } from "./test_steps.ts";

const test = strictTests("execute()");

test("undoes what completed in reverse order when a step fails, and ends 5", async () => {
  const log: string[] = [];
  const ran = await runPlan({
    steps: [
      { id: "A", uses: "t.do" },
      { id: "B", uses: "t.do" },
      { id: "C", uses: "t.fail" },
      { id: "D", uses: "t.do" },
    ],
    finally: [{ id: "Z", uses: "t.nothing" }],
  }, [recorded(log), failing(new NotAuthorisedError("no key")), nothing]);
  assert.deepEqual(log, ["do A", "do B", "undo B B", "undo A A"]);
  assert.equal(
    ran.tokens,
    "A+ A= B+ B= C+ C! B.undo+ B.undo= A.undo+ A.undo= Z+ Z=",
  );
  assert.equal(ran.end.outcome, "undone");
  assert.equal(ran.end.exit, 5);
  assert.equal(ran.end.failure?.error.message, "no key");
});

test("ends with the error's own code when nothing had to be undone", async () => {
  const codes = [
    [new InvalidInputError(""), 2, "failed"],
    [new FailedError(""), 4, "failed"],
    [new NotAuthorisedError(""), 6, "failed"],
    [new RefusedError(""), 7, "refused"],
    [new BusyError(""), 10, "busy"],
    [new TypeError("x is not a function"), 70, "failed"],
    [new Deno.errors.NotFound("no such file"), 4, "failed"],
  ] as const;
  for (const [error, exit, outcome] of codes) {
    const ran = await runPlan({ steps: [{ id: "A", uses: "t.fail" }] }, [failing(error)]);
    assert.equal(ran.end.exit, exit, error.constructor.name);
    assert.equal(ran.end.outcome, outcome);
  }
});

test("takes back what the failed step left, and keeps its code", async () => {
  const undone: unknown[] = [];
  const half = testStep({
    name: "t.half",
    effect: "reversible",
    run: () => {
      throw new NotAuthorisedError("bad signature");
    },
    undo: (_, facts) => void undone.push(facts),
  });
  const ran = await runPlan({ steps: [{ id: "A", uses: "t.half" }] }, [half]);
  assert.equal(ran.tokens, "A+ A! A.undo+ A.undo=");
  assert.deepEqual(undone, [undefined]);
  assert.equal(ran.end.exit, 6);
});

test("undoes the other steps when one undo fails, and ends 4", async () => {
  const log: string[] = [];
  const stuck = testStep({
    name: "t.stuck",
    effect: "reversible",
    undo: () => {
      throw new FailedError("stuck");
    },
  });
  const ran = await runPlan({
    steps: [
      { id: "A", uses: "t.do" },
      { id: "B", uses: "t.stuck" },
      { id: "C", uses: "t.fail" },
    ],
  }, [recorded(log), stuck, failing(new BusyError("busy"))]);
  assert.equal(ran.tokens, "A+ A= B+ B= C+ C! B.undo+ B.undo! A.undo+ A.undo=");
  assert.equal(ran.end.exit, 4);
  assert.equal(ran.end.failure?.step, "C");
  assert.deepEqual(ran.end.undoFailures.map(({ step, error }) => [step, error.message]), [[
    "B",
    "stuck",
  ]]);
});

test("keeps what a commit released", async () => {
  const log: string[] = [];
  const ran = await runPlan({
    steps: [
      { id: "A", uses: "t.do" },
      { id: "B", uses: "t.do", commit: true },
      { id: "C", uses: "t.do" },
      { id: "D", uses: "t.fail" },
    ],
  }, [recorded(log), failing(new FailedError("no"))]);
  assert.deepEqual(log, ["do A", "do B", "do C", "undo C C"]);
  assert.equal(ran.end.exit, 5);
});

test("goes on after a step that may fail, undoes nothing and ends 3", async () => {
  const log: string[] = [];
  const ran = await runPlan({
    steps: [
      { id: "A", uses: "t.do" },
      { id: "B", uses: "t.fail", on_failure: "continue" },
      { id: "C", uses: "t.do" },
    ],
  }, [recorded(log), failing(new FailedError("no"))]);
  assert.equal(ran.tokens, "A+ A= B+ B! C+ C=");
  assert.deepEqual(log, ["do A", "do C"]);
  assert.equal(ran.end.outcome, "degraded");
  assert.equal(ran.end.exit, 3);
});

test("undoes a step that may fail, at its place, when a later one fails for good", async () => {
  const log: string[] = [];
  const half = testStep({
    name: "t.half",
    effect: "reversible",
    run: () => {
      throw new FailedError("half");
    },
    undo: (_, facts, { id }) => void log.push(`undo ${id} ${facts}`),
  });
  const ran = await runPlan({
    steps: [
      { id: "A", uses: "t.do" },
      { id: "B", uses: "t.half", on_failure: "continue" },
      { id: "C", uses: "t.do" },
      { id: "D", uses: "t.fail" },
    ],
  }, [recorded(log), half, failing(new FailedError("no"))]);
  assert.deepEqual(log, ["do A", "do C", "undo C C", "undo B undefined", "undo A A"]);
  assert.equal(ran.end.exit, 5);
});

test("stops and awaits the others when one fails, then undoes them", async () => {
  const log: string[] = [];
  const begun = Promise.withResolvers<void>();
  const slow = testStep({
    name: "t.slow",
    effect: "reversible",
    run: async (_, ctx) => {
      begun.resolve();
      await ctx.clock.sleep(60_000, ctx.signal).finally(() => log.push("stopped"));
    },
    undo: (_, facts) => void log.push(`undone ${facts}`),
  });
  const fail = testStep({
    name: "t.fail",
    run: async () => {
      await begun.promise;
      throw new FailedError("no");
    },
  });
  const ran = await runPlan({
    steps: [
      { id: "A", uses: "t.slow", needs: [] },
      { id: "B", uses: "t.fail", needs: [] },
      { id: "C", uses: "t.nothing", needs: ["B"] },
    ],
  }, [slow, fail, nothing]);
  assert.equal(ran.tokens, "A+ B+ B! A! A.undo+ A.undo=");
  assert.deepEqual(log, ["stopped", "undone undefined"]);
  assert.equal(ran.end.failure?.step, "B");
  assert.equal(ran.end.exit, 5);
  const stopped = ran.events.findLast((event) => event.type === "step.failed")!;
  assert.equal(stopped.error.message, "stopped, since B failed");
});
