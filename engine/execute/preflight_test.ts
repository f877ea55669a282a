import assert from "node:assert/strict";
import { BusyError, FailedError, InvalidInputError } from "../errors.ts";
import { strictTests } from "./strict_tests.ts";
import { runPlan, testStep } from "./test_bed.ts";
import { recorded } from "./test_steps.ts";

const test = strictTests("execute()");

test("asks for all preconditions before the first effect, and tells all that fail", async () => {
  const log: string[] = [];
  const check = (error?: Error) => (_: unknown, { id }: { id: string }) => {
    log.push(id);
    if (error !== undefined) throw error;
  };
  const steps = [
    recorded(log),
    testStep({ name: "t.good", check: check() }),
    testStep({ name: "t.busy", check: check(new BusyError("held by 1")) }),
    testStep({ name: "t.bad", check: check(new InvalidInputError("no")) }),
  ];
  const ran = await runPlan({
    steps: [
      { id: "A", uses: "t.do" },
      { id: "B", uses: "t.good" },
      { id: "C", uses: "t.busy" },
    ],
    finally: [{ id: "Z", uses: "t.bad" }],
  }, steps);
  assert.deepEqual(log, ["B", "C", "Z"]);
  assert.equal(ran.tokens, "C+ C! Z+ Z!");
  assert.equal(ran.end.outcome, "busy");
  assert.equal(ran.end.exit, 10);
  assert.equal(ran.end.failure?.step, "C");
});

test("does not ask the precondition of a step that known values leave out", async () => {
  const never = testStep({
    name: "t.never",
    check: () => {
      throw new FailedError("asked");
    },
  });
  const condition = { kind: "cel", source: "params.service != 'none'" } as const;
  const part = { id: "A", uses: "t.never", when: [{ scope: "", condition }] };
  const out = await runPlan({ params: { service: "none" }, steps: [part] }, [never]);
  assert.equal(out.tokens, "A-");
  const asked = await runPlan({ params: { service: "systemd" }, steps: [part] }, [never]);
  assert.equal(asked.end.exit, 4);
});
