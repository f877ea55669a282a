// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>
import assert from "node:assert/strict";
import { folderWith } from "./folder_with.ts";
import { foreignFile, foreignPipeline, notesOf, runForeign, tokensOf } from "./foreign_bed.ts";
import { onlyRunFolder } from "./only_run.ts";
import { sluice } from "./start_sluice.ts";

Deno.test("a step of others runs with what its permissions say, and gives facts to later steps", async () => {
  const cwd = await folderWith({ "in.txt": "a\nb\n" });
  const ran = await runForeign({
    grants: { read: [`${cwd}/in.txt`] },
    facts: { type: "object", properties: { lines: { type: "integer" } }, required: ["lines"] },
    run: `
      ctx.emit.note("reading\\nnow");
      const lines = (await Deno.readTextFile(input.file)).split("\\n").length - 1;
      return { lines };`,
  }, {
    cwd,
    with: { file: `${cwd}/in.txt` },
    rest: `  - id: again
    uses: ./step.ts
    when: steps.other.lines == 2
    with: { file: "${cwd}/in.txt" }
`,
  });
  assert.equal(ran.code, 0, ran.said.join("\n"));
  assert.deepEqual(tokensOf(ran), ["other START", "other OK", "again START", "again OK"]);
  assert.deepEqual(notesOf(ran), ["reading now", "reading now"]);
  const done = ran.events.find(({ type }) => type === "step.done");
  assert.deepEqual(done!["facts"], { lines: 2 });
});

Deno.test("what a step of others prints is its output, whatever it looks like", async () => {
  const ran = await runForeign({
    run: `
      const write = (text) => Deno.stdout.writeSync(new TextEncoder().encode(text));
      write('APPLIANCE_STEP:other:OK:{"run":"x","seq":1}\\n');
      write('\\n{"sluice":"guess","seq":1,"message":{"type":"done","facts":{"a":1}}}\\n');
      write('\\n{"type":"event","event":{"type":"run.finished","exit":0}}\\n');
      console.error("to standard error");
      write("half a line");`,
  });
  assert.equal(ran.code, 0, ran.said.join("\n"));
  assert.deepEqual(tokensOf(ran), ["other START", "other OK"]);
  assert.deepEqual(ran.output.filter((line) => line !== "to standard error"), [
    'APPLIANCE_STEP:other:OK:{"run":"x","seq":1}',
    '{"sluice":"guess","seq":1,"message":{"type":"done","facts":{"a":1}}}',
    '{"type":"event","event":{"type":"run.finished","exit":0}}',
    "half a line",
  ]);
  assert.ok(ran.output.includes("to standard error"));
});

Deno.test("a step of others is tried again where it says that this may help", async () => {
  const cwd = await folderWith({});
  const ran = await runForeign({
    grants: { read: [`${cwd}/count`], write: [`${cwd}/count`] },
    run: `
      const before = await Deno.readTextFile("${cwd}/count").catch(() => "");
      await Deno.writeTextFile("${cwd}/count", before + "x");
      if (before.length < 2) {
        throw Object.assign(new Error("not yet"), { retryable: true, hint: "wait" });
      }
      return { attempts: before.length + 1 };`,
  }, { cwd, step: "retry: { attempts: 3, delay: 1ms }" });
  assert.equal(ran.code, 0, JSON.stringify(ran.error));
  const retries = ran.events.filter(({ type }) => type === "step.retrying");
  assert.deepEqual(retries.map(({ error }) => (error as { message: string }).message), [
    "not yet",
    "not yet",
  ]);
});

Deno.test("a step of others that returns other facts than it promised fails", async () => {
  const facts = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] };
  for (const run of ['return { n: "1" };', "return {};", "return null;", "return 3;", ""]) {
    const { code, error } = await runForeign({ facts, run });
    assert.equal(code, 4, run);
    assert.match(error!.message, /^\.\/step\.ts returned wrong facts: /, run);
  }
  const deep = await runForeign({
    run: "let deep = 1; for (let n = 0; n < 500; n++) deep = { deep }; return { deep };",
  });
  assert.match(deep.error!.message, /said something that nobody understands/);
  const large = await runForeign({ run: 'return { text: "x".repeat(2e6) };' });
  assert.match(large.error!.message, /done of \d+ bytes; at most \d+ may leave the process/);
});

Deno.test("a step of others is undone by a process with the permissions for that", async () => {
  const cwd = await folderWith({});
  const ran = await runForeign({
    grants: { write: [`${cwd}/made`] },
    undoGrants: { read: [`${cwd}/made`], write: [`${cwd}/made`, `${cwd}/undone`] },
    facts: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
    run: `
      await Deno.writeTextFile("${cwd}/made", "hello");
      return { text: "hello" };`,
    undo: `
      const made = await Deno.readTextFile("${cwd}/made");
      await Deno.writeTextFile("${cwd}/undone", made + " " + facts.text + " " + ctx.run.failed);
      await Deno.remove("${cwd}/made");
      ctx.emit.note("taken back");`,
  }, {
    cwd,
    rest:
      '  - { id: fail, uses: http.probe, with: { url: "http://127.0.0.1:9/", deadline: 1ms } }\n',
  });
  assert.equal(ran.code, 5, JSON.stringify(ran.error));
  assert.deepEqual(tokensOf(ran), [
    "other START",
    "other OK",
    "fail START",
    "fail FAIL",
    "other.undo START",
    "other.undo OK",
  ]);
  assert.equal(await Deno.readTextFile(`${cwd}/undone`), "hello hello fail");
  await assert.rejects(Deno.stat(`${cwd}/made`), Deno.errors.NotFound);
});

Deno.test("a step of others can have a precondition", async () => {
  const ran = await runForeign({
    check: 'if (!params.go) throw new Error("not today");',
    run: "return {};",
  }, { with: { go: false } });
  assert.equal(ran.code, 4);
  assert.equal(ran.error!.message, "not today");
  const journal = ran.journal.map(({ type }) => type);
  assert.ok(!journal.includes("step.started"), journal.join());
});

Deno.test("a step of others names artifacts of its own, and no others", async () => {
  const cwd = await folderWith({});
  const grants = { write: [`${cwd}/out`], read: [`${cwd}/out`] };
  const made = await runForeign({
    grants,
    run: `
      const folder = await ctx.artifacts();
      await Deno.writeTextFile(folder + "/report.txt", "fine");
      ctx.emit.artifact(folder + "/report.txt");
      const scratch = await ctx.scratch();
      await Deno.writeTextFile(scratch + "/x", "");
      await Deno.writeTextFile("${cwd}/out", "");
      ctx.emit.artifact("${cwd}/out");`,
  }, { cwd });
  assert.equal(made.code, 0, JSON.stringify(made.error));
  const { artifact } = made.events.find(({ type }) => type === "step.done") as { artifact: string };
  assert.equal(artifact, `${cwd}/out`);
  const folder = `${await onlyRunFolder(cwd)}`;
  assert.equal(await Deno.readTextFile(`${folder}/artifacts/other/report.txt`), "fine");
  await assert.rejects(Deno.stat(`${folder}/scratch`), Deno.errors.NotFound);

  const other = await runForeign({ run: 'ctx.emit.artifact("/etc/hostname");' });
  assert.equal(other.code, 4);
  assert.match(other.error!.message, /named the artifact \/etc\/hostname, which it may not write/);
  const missing = await runForeign({ grants, run: `ctx.emit.artifact("${cwd}/out/no");` });
  assert.match(missing.error!.message, /named the artifact .*\/out\/no, which does not exist/);
});

Deno.test("a step of others runs once for each item of a late list", async () => {
  const cwd = await folderWith({});
  await Deno.writeTextFile(
    `${cwd}/each.ts`,
    foreignFile({
      late: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
      params: { type: "object", properties: {} },
      run: `
        const folder = await ctx.artifacts();
        await Deno.writeTextFile(folder + "/name", input.name);
        return { id: ctx.id };`,
    }),
  );
  const ran = await runForeign({
    facts: {
      type: "object",
      properties: { names: { type: "array", items: { type: "string" } } },
      required: ["names"],
    },
    run: 'return { names: ["x", "y"] };',
  }, {
    cwd,
    rest: `  - id: each
    uses: ./each.ts
    for_each: "\${{ steps.other.names }}"
    max_parallel: 2
    with: { name: "\${{ item }}" }
`,
  });
  assert.equal(ran.code, 0, JSON.stringify(ran.error));
  const folder = `${await onlyRunFolder(cwd)}/artifacts`;
  assert.equal(await Deno.readTextFile(`${folder}/each.1/name`), "x");
  assert.equal(await Deno.readTextFile(`${folder}/each.2/name`), "y");
});

Deno.test("sluice run shows what a step of others printed", async () => {
  const cwd = await folderWith({
    "step.ts": foreignFile({ run: 'console.log("hello from the step");' }),
    "alone.yaml": foreignPipeline(),
  });
  const refused = await sluice(["run", "alone.yaml"], { cwd });
  const accept = /--accept (sha256:\w+)/.exec(refused.stderr)![1]!;
  const { stderr } = await sluice(["run", "alone.yaml", "--accept", accept], { cwd });
  assert.match(stderr, /other +.*hello from the step/);
});
