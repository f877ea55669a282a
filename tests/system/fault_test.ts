// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-net=127.0.0.1
//        --allow-run=<deno>,/usr/bin/strace,/usr/bin/ln,/usr/bin/cp
/**
 * A disk that is full or broken at one call of an apply: how that ends, and what is then installed.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type Appliance, makeAppliance, newVersion, oldVersion } from "./appliance.ts";
import { assertChain, assertWhole, auditedOutcomes } from "./assert_whole.ts";
import { callOf } from "./call_of.ts";
import { trace } from "./strace.ts";

let appliance: Appliance;
Deno.test.beforeAll(async () => {
  appliance = await makeAppliance({ top: await Deno.makeTempDir() });
});
Deno.test.afterAll(async () => await appliance[Symbol.asyncDispose]());

/** The call, its error, the exit code, and how the audit log ends: not at all before it was opened. */
const faults: readonly (readonly [call: string, error: string, exit: number, audited: string])[] = [
  ["fsync RUNS/RUN/plan.json", "EIO", 4, ""],
  ["fsync RUNS/RUN/journal.jsonl", "EIO", 4, ""],
  ["fsync AUDIT", "EIO", 4, "failed"],
  ["write ROOT/releases/2.0.0.staging/VERSION", "ENOSPC", 4, "failed"],
  ["write ROOT/releases/2.0.0.staging/large", "ENOSPC", 4, "failed"],
  ["fsync ROOT/releases/2.0.0.staging/large", "EIO", 4, "failed"],
  ["fsync ROOT/releases/2.0.0.staging", "EIO", 4, "failed"],
  ["rename ROOT/releases/2.0.0.staging", "ENOSPC", 4, "failed"],
  ["fsync ROOT/.switch.RUN.new", "EIO", 5, "undone"],
  ["rename ROOT/.current.RUN", "ENOSPC", 5, "undone"],
  ["rename ROOT/.good.new", "ENOSPC", 5, "undone"],
  ["fsync ROOT/.previous.new", "EIO", 5, "undone"],
];

for (const [number, [call, error, exit, audited]] of faults.entries()) {
  Deno.test(`an apply ends with ${exit} on the old release when ${call} is ${error}`, async () => {
    await appliance.reset();
    const run = `fault-${number}`;
    const plan = await appliance.apply(newVersion);
    const { code, stderr, calls } = await trace(await appliance.command(plan, run), {
      ...callOf(call, appliance, run),
      inject: `error=${error}`,
    });
    assert.ok(calls.some(({ result }) => result.includes(error)), `no such call:\n${stderr}`);
    assert.equal(code, exit, stderr);
    assert.doesNotMatch(stderr, /^ +at .*:\d+:\d+\)?$/m, "it shows a stack");
    await assertWhole(appliance, oldVersion);
    const outcomes = await auditedOutcomes(appliance, run);
    assert.deepEqual(outcomes, audited === "" ? [] : ["started", audited]);
    if (audited !== "") await assertChain(`${appliance.runs}/${run}/journal.jsonl`);
  });
}
