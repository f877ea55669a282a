import assert from "node:assert/strict";
import { FailedError, TransientError } from "../errors.ts";
import { strictTests } from "./strict_tests.ts";
import { runPlan, testStep } from "./test_bed.ts";
import { failing, recorded } from "./test_steps.ts";

const test = strictTests("execute()");

test("ends what steps hold in reverse order, after undo and finally", async () => {
  const log: string[] = [];
  const hold = testStep({
    name: "t.hold",
    holds: true,
    run: (_, ctx) => ctx.scope.defer(() => void log.push(`end ${ctx.id}`)),
  });
  await runPlan({
    steps: [
      { id: "A", uses: "t.hold" },
      { id: "B", uses: "t.do" },
      { id: "C", uses: "t.hold" },
      { id: "D", uses: "t.fail" },
    ],
    finally: [{ id: "Z", uses: "t.do" }],
  }, [hold, recorded(log), failing(new FailedError("no"))]);
  assert.deepEqual(log, ["do B", "undo B B", "do Z", "end C", "end A"]);
});

test("reports what cannot be ended, and the run is not done", async () => {
  const hold = testStep({
    name: "t.hold",
    run: (_, ctx) =>
      ctx.scope.defer(() => {
        throw new FailedError("will not close");
      }),
  });
  const ran = await runPlan({ steps: [{ id: "A", uses: "t.hold" }] }, [hold]);
  assert.equal(ran.end.exit, 4);
  assert.deepEqual(ran.end.failure?.error.message, "will not close");
});

test("ends what a failed attempt holds before it tries again", async () => {
  let held = false;
  let attempts = 0;
  const lock = testStep({
    name: "t.lock",
    run: (_, ctx) => {
      if (held) throw new FailedError("held by its own first attempt");
      held = true;
      ctx.scope.defer(() => void (held = false));
      if (++attempts === 1) throw new TransientError("again");
    },
  });
  const retry = { attempts: 2, delay_ms: 0, max_delay_ms: 0, jitter: 0 };
  const ran = await runPlan({ steps: [{ id: "A", uses: "t.lock", retry }] }, [lock]);
  assert.equal(ran.end.exit, 0);
  assert.equal(held, false);
});
