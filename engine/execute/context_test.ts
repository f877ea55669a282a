// flags: --allow-read --allow-write=<tmp> --allow-run=/bin/sh
import assert from "node:assert/strict";
import { Masker } from "../events/masker.ts";
import { permissions } from "../permissions/permissions.ts";
import type { SecretRef } from "../schema/types.ts";
import { strictTestsInFolder } from "./strict_tests.ts";
import { memoryJournal, runPlan, testStep } from "./test_bed.ts";
import { testClock } from "./test_clock.ts";

const test = strictTestsInFolder("openContext()");

const one = (uses: string) => ({ steps: [{ id: "A", uses }] });

test("closes the files that a step opened, whether the step closed them or not", async (folder) => {
  const files: Deno.FsFile[] = [];
  const open = testStep({
    name: "x.open",
    run: async (_, ctx) => {
      for (const name of ["a", "b"]) {
        files.push(await ctx.open(`${folder}/${name}`, { write: true, create: true }));
      }
      files[0]!.close();
    },
  });
  const ran = await runPlan(one("x.open"), [open]);
  assert.equal(ran.end.exit, 0);
  assert.throws(() => files[1]!.statSync(), Deno.errors.BadResource);
});

test("gives scratch that is removed after the run, and artifacts that stay", async (folder) => {
  let scratch = "";
  const make = testStep({
    name: "x.make",
    run: async (_, ctx) => {
      scratch = await ctx.scratch();
      assert.equal(await ctx.scratch(), scratch);
      await Deno.writeTextFile(`${scratch}/x`, "x");
      const artifact = `${await ctx.artifacts()}/report.txt`;
      await Deno.writeTextFile(artifact, "kept");
      ctx.emit.artifact(artifact);
    },
  });
  const see = testStep({ name: "x.see", run: () => void Deno.statSync(scratch) });
  const parts = { steps: [{ id: "A", uses: "x.make" }, { id: "B", uses: "x.see" }] };
  const ran = await runPlan(parts, [make, see], { run: { id: "r", folder, pid: 1 } });
  assert.equal(ran.end.exit, 0);
  assert.deepEqual(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["artifacts"]);
  const done = ran.events.find((event) => event.type === "step.done")!;
  assert.equal(done.artifact, `${folder}/artifacts/report.txt`);
});

test("gives the value of a secret, and masks it in all that leaves", async (folder) => {
  await Deno.writeTextFile(`${folder}/key`, "file-secret\n");
  const read = testStep({
    name: "x.read",
    run: async (_, ctx) => {
      const values = [
        await ctx.secret("env:TOKEN" as SecretRef),
        await ctx.secret(`file:${folder}/key` as SecretRef),
      ];
      ctx.mask("told-secret");
      ctx.emit.note(`have ${[...values, "told-secret"].join(" and ")}`);
      return { values };
    },
  });
  const ran = await runPlan(one("x.read"), [read], {
    secrets: {
      env: (name) => name === "TOKEN" ? "env-secret" : undefined,
      file: (path) => Deno.readTextFile(path),
    },
  });
  assert.doesNotMatch(
    JSON.stringify([ran.events, ran.journal.entries]),
    /env-secret|file-secret|told-secret/,
  );
  assert.match(JSON.stringify(ran.events), /have \*\*\* and \*\*\* and \*\*\*/);

  const missing = testStep({ name: "x.read", run: (_, ctx) => ctx.secret("env:NO" as SecretRef) });
  const failed = await runPlan(one("x.read"), [missing]);
  assert.equal(failed.end.exit, 2);
  assert.match(failed.end.failure!.error.message, /env:NO is missing/);
});

test("puts notes on one line each and into the token", async () => {
  const say = testStep({
    name: "x.say",
    run: (_, ctx) => {
      ctx.emit.note("one\n  two");
      ctx.emit.note("three");
    },
  });
  const ran = await runPlan(one("x.say"), [say]);
  const done = ran.events.find((event) => event.type === "step.done")!;
  assert.equal(done.notes, "one two; three");
});

test("lets through some of the progress, the last of it always", async () => {
  const clock = testClock();
  const work = testStep({
    name: "x.work",
    run: async (_, ctx) => {
      for (let done = 1; done <= 45; done++) {
        ctx.emit.progress({ done, unit: "files" });
        await clock.advance(10);
      }
    },
  });
  const ran = await runPlan(one("x.work"), [work], { clock });
  const told = ran.events.flatMap((event) => event.type === "progress" ? event.done : []);
  assert.deepEqual(told, [1, 11, 21, 31, 41, 45]);
});

test("records the programs of a step, with masked arguments", async (folder) => {
  const run = permissions({ run: [{ program: "sh", args: ["-c", "*"], env: [] }] });
  const start = testStep({
    name: "x.start",
    run: async (_, ctx) => {
      const show = { program: "sh", args: ["-c", "echo hunter2"], show: true };
      const { stdout } = await ctx.exec(show);
      assert.equal(stdout, "hunter2\n");
      await ctx.exec({ program: "sh", args: ["-c", "exit 1"] });
    },
  });
  const masker = new Masker();
  masker.add("hunter2");
  const parts = {
    steps: [{ id: "A", uses: "x.start", permissions: { run, undo: permissions({}) } }],
  };
  const ran = await runPlan(parts, [start], {
    run: { id: "r", folder, pid: 1 },
    programs: { sh: "/bin/sh" },
    masker,
  });
  assert.equal(ran.end.exit, 0);
  const shown = ran.events.flatMap((event) => event.type === "output" ? event.text : []);
  assert.deepEqual(shown, ["***"]);
  const lines = (await Deno.readTextFile(`${folder}/spawned.jsonl`)).trim().split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ type, n, args, code }) => [type, n, args?.[1] ?? code]), [
    ["started", 1, "echo ***"],
    ["ended", 1, 0],
    ["started", 2, "exit 1"],
    ["ended", 2, 1],
  ]);
});

test("gives undo the programs of undo only", async (folder) => {
  const run = permissions({ run: [{ program: "sh", args: ["-c", "*"], env: [] }] });
  const both = testStep({
    name: "x.both",
    effect: "reversible",
    undo: async (_, _facts, ctx) => void await ctx.exec({ program: "sh", args: ["-c", "exit 0"] }),
  });
  const fail = testStep({ name: "x.fail", run: () => Promise.reject(new Error("no")) });
  const set = { run, undo: permissions({}) };
  const ran = await runPlan(
    { steps: [{ id: "A", uses: "x.both", permissions: set }, { id: "B", uses: "x.fail" }] },
    [both, fail],
    { run: { id: "r", folder, pid: 1 }, journal: memoryJournal() },
  );
  assert.equal(ran.end.exit, 4);
  assert.match(ran.end.undoFailures[0]!.error.message, /A did not declare the program sh/);
});

Deno.test({
  name: "openContext() names the permission that a step lacks",
  permissions: { read: false },
  async fn() {
    const peek = testStep({ name: "x.peek", run: () => Deno.readTextFile("/etc/hostname") });
    const ran = await runPlan(one("x.peek"), [peek]);
    assert.equal(ran.end.exit, 7);
    assert.equal(ran.end.outcome, "refused");
    assert.match(ran.end.failure!.error.message, /refused A: read access to "\/etc\/hostname"/);
    assert.deepEqual(ran.end.failure!.error.details, {
      permission: "read",
      value: "/etc/hostname",
    });
  },
});
