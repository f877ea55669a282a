// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-net=127.0.0.1
//        --allow-run=<deno>,/usr/bin/strace,/usr/bin/ln,/usr/bin/cp
/**
 * A runner that is killed anywhere on its way, and what `resume`, `undo` and a new command make of it.
 * strace counts the calls of each thread apart, and Deno has many: so a kill is placed before the one
 * call that names a certain file, or after the n-th of all calls that are told, while each is held for
 * a moment.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Plan } from "../../engine/plan/plan.ts";
import { type Appliance, badVersion, makeAppliance, newVersion, oldVersion } from "./appliance.ts";
import { assertChain, assertWhole, auditedOutcomes } from "./assert_whole.ts";
import { callOf } from "./call_of.ts";
import type { Ended } from "./run_program.ts";
import { type Call, trace } from "./strace.ts";

const killed = 128 + 9;
/** Calls that change what a power cut or a kill would leave. */
const changing = ["fsync", "rename", "unlink", "unlinkat", "mkdir"];
/** Time to kill before the call returns to the program. */
const hold = "delay_exit=12ms";

let appliance: Appliance;
Deno.test.beforeAll(async () => {
  appliance = await makeAppliance({ top: await Deno.makeTempDir() });
});
Deno.test.afterAll(async () => await appliance[Symbol.asyncDispose]());

// `keep: 1`, so that the old release is removed at the end.
const upgrade = (version: string) =>
  appliance.apply(version, version === badVersion ? { deadline: "300ms" } : { keep: 1 });

/** Takes up the run again as its messages tell a person to. */
async function resume(plan: Plan, run: string): Promise<Ended> {
  const end = await appliance.run(plan, run, "resume");
  // Removing old releases cannot be undone: whether that may be done again is a person's decision.
  const asks = end.code === 4 && end.stderr.includes("let it run again");
  return asks ? await appliance.run(plan, run, "resume again") : end;
}

async function assertFinished(run: string): Promise<void> {
  const journal = `${appliance.runs}/${run}/journal.jsonl`;
  await assertChain(journal);
  const last = (await Deno.readTextFile(journal)).trimEnd().split("\n").at(-1)!;
  assert.equal(JSON.parse(last).type, "run.finished");
}

// The one call of each before which the runner is killed.
const before = [
  "fsync RUNS/RUN/permissions.json",
  "fsync AUDIT",
  "mkdir ROOT/releases/2.0.0.staging",
  "fsync ROOT/releases/2.0.0.staging/large",
  "fsync ROOT/releases/2.0.0.staging",
  "rename ROOT/releases/2.0.0.staging",
  "fsync ROOT/releases",
  "rename ROOT/.current.RUN",
  "rename ROOT/.good.new",
  "fsync ROOT/.previous.new",
  "rename ROOT/.previous.new",
  "unlinkat ROOT/releases/1.0.0",
];

for (const [number, point] of before.entries()) {
  Deno.test(`resume finishes an apply that was killed before ${point}`, async () => {
    await appliance.reset();
    const plan = await upgrade(newVersion);
    const run = `before-${number}`;
    const { code, stderr } = await trace(await appliance.command(plan, run), {
      ...callOf(point, appliance, run),
      inject: "signal=KILL",
    });
    assert.equal(code, killed, `there was no such call:\n${stderr}`);
    const end = await resume(plan, run);
    assert.equal(end.code, 0, end.stderr);
    await assertWhole(appliance, newVersion);
    await assertFinished(run);
    assert.deepEqual(await auditedOutcomes(appliance, run), ["started", "done"]);
  });
}

for (const [number, point] of ["mkdir RUNS/RUN", "fsync RUNS/RUN/journal.jsonl"].entries()) {
  Deno.test(`a run that was killed before ${point} has changed nothing and is in nobody's way`, async () => {
    await appliance.reset();
    const plan = await upgrade(newVersion);
    const run = `unborn-${number}`;
    const { code, stderr } = await trace(await appliance.command(plan, run), {
      ...callOf(point, appliance, run),
      inject: "signal=KILL",
    });
    assert.equal(code, killed, `there was no such call:\n${stderr}`);
    const resumed = await appliance.run(plan, run, "resume");
    assert.equal(resumed.code, 2);
    assert.match(resumed.stderr, /there is no plan/);
    await assertWhole(appliance, oldVersion);
    assert.equal((await appliance.run(plan, `born-${number}`)).code, 0);
    await assertWhole(appliance, newVersion);
  });
}

/** Kills the runner when a call has returned, and gives that call. */
async function killAfter(
  plan: Plan,
  run: string,
  counts: (call: Call, before: number) => boolean,
  nth: number,
): Promise<string> {
  let count = 0;
  let last = "nothing";
  const { code, stderr } = await trace(await appliance.command(plan, run), {
    calls: changing,
    inject: hold,
    onCall(call, kill) {
      if (!counts(call, count)) return;
      if (++count !== nth) return;
      last = `${call.name}(${call.args})`;
      kill();
    },
  });
  assert.equal(code, killed, `it ended after ${count} calls:\n${stderr}`);
  return last;
}

const ways = ["resume", "undo", "a new command"] as const;

// An apply makes about 80 such calls.
for (const [index, nth] of [5, 11, 17, 23, 29, 35, 41, 47, 53, 59, 65, 71].entries()) {
  const way = ways[index % ways.length]!;
  Deno.test(`${way} leaves a good release after a kill at changing call ${nth}`, async () => {
    await appliance.reset();
    const plan = await upgrade(newVersion);
    const run = `after-${nth}`;
    const last = await killAfter(plan, run, () => true, nth);
    const committed = await hasCommitted(run);
    const end = way === "resume"
      ? await resume(plan, run)
      : way === "undo"
      ? await appliance.run(plan, run, "undo")
      : await appliance.run(plan, `again-${nth}`);
    assert.equal(end.code, 0, `after ${last}: ${end.stderr}`);
    // After its commit a release stays: undo ends the run and takes nothing back.
    await assertWhole(appliance, way === "undo" && !committed ? oldVersion : newVersion);
    if (way === "a new command") {
      assert.deepEqual(await auditedOutcomes(appliance, `again-${nth}`), ["started", "done"]);
    } else await assertFinished(run);
  });
}

/** Whether the journal says that the release is to stay. */
async function hasCommitted(run: string): Promise<boolean> {
  const journal = await Deno.readTextFile(`${appliance.runs}/${run}/journal.jsonl`)
    .catch(() => "");
  return journal.includes(`"type":"committed"`);
}

// Nothing renames this file but the way back.
const marksBad = (call: Call) => call.name === "rename" && call.args.includes('/.bad.new"');

for (const nth of [1, 3, 5, 7, 9, 11]) {
  Deno.test(`resume finishes the way back that was killed ${nth} calls into it`, async () => {
    await appliance.reset();
    const plan = await upgrade(badVersion);
    const run = `back-${nth}`;
    const last = await killAfter(plan, run, (call, before) => before > 0 || marksBad(call), nth);
    const end = await resume(plan, run);
    assert.equal(end.code, 5, `after ${last}: ${end.stderr}`);
    await assertWhole(appliance, oldVersion);
    await assertFinished(run);
    assert.deepEqual(await auditedOutcomes(appliance, run), ["started", "undone"]);
    const bad = await Deno.readTextFile(`${appliance.root}/.bad`);
    assert.equal(JSON.parse(bad).version, badVersion);
  });
}

Deno.test("an apply whose ln is killed ends with 5, on the old release", async () => {
  await appliance.reset();
  const plan = await upgrade(newVersion);
  const run = "ln";
  const { code, stderr } = await trace(await appliance.command(plan, run), {
    ...callOf("symlinkat ROOT/.current.RUN", appliance, run),
    inject: "signal=KILL",
  });
  assert.equal(code, 5, stderr);
  await assertWhole(appliance, oldVersion);
  await assertFinished(run);
});
