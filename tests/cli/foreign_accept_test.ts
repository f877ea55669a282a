// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>
import assert from "node:assert/strict";
import { folderWith } from "./folder_with.ts";
import { foreignFile, foreignPipeline, runForeign } from "./foreign_bed.ts";
import { onlyRun } from "./only_run.ts";
import { sluice, startRunner } from "./start_sluice.ts";

Deno.test("a step of others is admitted by what it is, and no ceiling admits code", async () => {
  const cwd = await folderWith({
    "step.ts": foreignFile({ run: "return {};" }),
    "alone.yaml": foreignPipeline(),
  });
  const refused = await sluice(["run", "alone.yaml"], { cwd });
  assert.equal(refused.code, 7);
  assert.match(refused.stderr, /code +\.\/step\.ts sha256:[0-9a-f]{64}/);
  const accept = /--accept (sha256:\w+)/.exec(refused.stderr)![1]!;
  await Deno.writeTextFile(`${cwd}/step.ts`, foreignFile({ run: "return { a: 1 };" }));
  const stale = await sluice(["run", "alone.yaml", "--accept", accept], { cwd });
  assert.equal(stale.code, 7);
  assert.match(stale.stderr, /was accepted, but this is/);
  await Deno.writeTextFile(`${cwd}/step.ts`, foreignFile({ run: "return {};" }));
  const ran = await sluice(["run", "alone.yaml", "--accept", accept], { cwd });
  assert.equal(ran.code, 0, ran.stderr);
});

Deno.test("a plan carries the code of steps of others, and a runner alone refuses it", async () => {
  const cwd = await folderWith({
    "step.ts": foreignFile({ run: 'return { by: "the plan" };' }),
    "alone.yaml": foreignPipeline(),
  });
  const { stdout } = await sluice(["plan", "alone.yaml", "--format", "json"], { cwd });
  await Deno.remove(`${cwd}/step.ts`);
  await Deno.writeTextFile(`${cwd}/plan.json`, stdout);
  const refused = await sluice(["run", "--plan", "plan.json"], { cwd });
  const accept = /--accept (sha256:\w+)/.exec(refused.stderr)![1]!;
  const ran = await sluice(["run", "--plan", "plan.json", "--accept", accept], { cwd });
  assert.equal(ran.code, 0, ran.stderr);

  const flags = [`--allow-read=${cwd}`, `--allow-write=${cwd}/runs`];
  const alone = await startRunner(flags, ["--plan", `${cwd}/plan.json`, "--runs", `${cwd}/runs`], {
    cwd,
  }).ended;
  assert.equal(alone.code, 7);
  assert.match(alone.stderr, /step other of the plan is one of others, \.\/step\.ts\n {2}help: /);
});

Deno.test("sluice undo runs the code that the run began with, and asks for it again", async () => {
  const cwd = await folderWith({});
  const grants = { write: [`${cwd}/log`] };
  const log = (text: string) =>
    `Deno.writeTextFileSync("${cwd}/log", "${text} ", { append: true });`;
  const spec = { grants, undoGrants: grants, run: log("done"), undo: log("undone") };
  const ran = await runForeign(spec, { cwd });
  assert.equal(ran.code, 0, JSON.stringify(ran.error));
  await Deno.writeTextFile(`${cwd}/step.ts`, foreignFile({ ...spec, undo: log("changed") }));
  const run = await onlyRun(cwd);
  const refused = await sluice(["undo", run], { cwd });
  assert.equal(refused.code, 7);
  const accept = /--accept (sha256:\w+)/.exec(refused.stderr)![1]!;
  const undone = await sluice(["undo", run, "--accept", accept], { cwd });
  assert.equal(undone.code, 0, undone.stderr);
  assert.equal(await Deno.readTextFile(`${cwd}/log`), "done undone ");
});
