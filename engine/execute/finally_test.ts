import assert from "node:assert/strict";
import * as v from "valibot";
import { FailedError, InvalidInputError } from "../errors.ts";
import { strictTests } from "./strict_tests.ts";
import { pathTo, runPlan, testStep } from "./test_bed.ts";
import { failing, nothing } from "./test_steps.ts";

const test = strictTests("execute()");

test("tells finally steps how the run stands", async () => {
  const seen: unknown[] = [];
  const late = {
    outcome: pathTo("run", "outcome"),
    step: pathTo("run", "failed_step"),
    reason: pathTo("run", "reason"),
  };
  const tell = testStep({
    name: "t.tell",
    late: v.strictObject({ outcome: v.string(), step: v.string(), reason: v.string() }),
    run: (input, ctx) => void seen.push({ ...input, failure: ctx.run.failure?.step }),
  });
  const last = [{ id: "Z", uses: "t.tell", late }];
  await runPlan({ steps: [{ id: "A", uses: "t.nothing" }], finally: last }, [nothing, tell]);
  await runPlan({ steps: [{ id: "A", uses: "t.fail" }], finally: last }, [
    failing(new FailedError("no disk")),
    tell,
  ]);
  assert.deepEqual(seen, [
    { outcome: "done", step: "", reason: "", failure: undefined },
    { outcome: "failed", step: "A", reason: "no disk", failure: "A" },
  ]);
});

test("runs every finally step, and a failing one makes a done run fail", async () => {
  const parts = {
    finally: [{ id: "Y", uses: "t.fail" }, { id: "Z", uses: "t.nothing" }],
    steps: [{ id: "A", uses: "t.nothing" }],
  };
  const ran = await runPlan(parts, [nothing, failing(new InvalidInputError("no"))]);
  assert.equal(ran.tokens, "A+ A= Y+ Y! Z+ Z=");
  assert.equal(ran.end.outcome, "failed");
  assert.equal(ran.end.exit, 4);
  assert.equal(ran.end.failure?.step, "Y");
});
