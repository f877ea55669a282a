// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>
/** What a runner does in no box, when its launcher was killed: in a box it dies with it. */
import assert from "node:assert/strict";
import { folderWith } from "./folder_with.ts";
import { foreignFile, foreignPipeline, startAccepted } from "./foreign_bed.ts";
import { onlyRun } from "./only_run.ts";
import { sluice } from "./start_sluice.ts";

Deno.test("a runner whose launcher is gone ends, and leaves to undo what only that could start", async () => {
  const cwd = await folderWith({});
  const grants = { write: [`${cwd}/undone`] };
  const spec = {
    run: `ctx.emit.note("at work"); await new Promise(() => {});`,
    undo: `await Deno.writeTextFile("${cwd}/undone", "");`,
    undoGrants: grants,
  };
  await Deno.writeTextFile(`${cwd}/step.ts`, foreignFile(spec));
  await Deno.writeTextFile(`${cwd}/alone.yaml`, foreignPipeline());
  const running = await startAccepted("alone.yaml", { cwd, args: ["--box", "none"] });
  await running.said("at work");
  running.process.kill("SIGKILL");
  const run = await onlyRun(cwd);
  const journal = `${cwd}/.sluice/runs/${run}/journal.jsonl`;
  {
    using file = await Deno.open(journal, { write: true });
    await file.lock(true); // Freed by the end of the runner.
  }
  const entries = (await Deno.readTextFile(journal)).trimEnd().split("\n");
  const types = entries.map((line) => JSON.parse(line).type);
  assert.deepEqual(types.slice(-3), ["undo.started", "undo.failed", "run.finished"]);
  const refused = await sluice(["undo", run], { cwd });
  const set = /--accept (sha256:\w+)/.exec(refused.stderr)?.[1];
  assert.ok(set !== undefined, refused.stderr);
  const { code, stderr } = await sluice(["undo", run, "--accept", set], { cwd });
  assert.equal(code, 0, stderr);
  assert.ok((await Deno.stat(`${cwd}/undone`)).isFile);
});
