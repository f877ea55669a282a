// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>,/bin/sh
import assert from "node:assert/strict";
import { setprivPaths } from "../../runtime/launch/die_with_launcher.ts";
import { folderWith } from "./folder_with.ts";
import {
  endOf,
  foreignFile,
  foreignPipeline,
  type ForeignRun,
  runForeign,
  startAccepted,
} from "./foreign_bed.ts";
import { onlyRun, onlyRunFolder } from "./only_run.ts";
import { sluice, startRunner } from "./start_sluice.ts";

/** Code that takes a lock which only the end of its process frees, and says so. */
const takeLock = (path: string) => `
  const mine = await Deno.open("${path}", { write: true, create: true });
  await mine.lock(true);
  console.log("locked");`;

/** Whether the process is gone that took the lock. */
async function isFree(path: string): Promise<boolean> {
  using file = await Deno.open(path, { write: true });
  return await file.tryLock(true);
}

function notesOf({ events }: ForeignRun): readonly unknown[] {
  return events.filter(({ type }) => type === "note").map(({ text }) => text);
}

function tokensOf({ stdout }: ForeignRun): readonly string[] {
  return stdout.trimEnd().split("\n").map((line) => line.split(":").slice(1, 3).join(" "));
}

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

Deno.test("a step of others has nothing but its own grants", async () => {
  const cwd = await folderWith({ "secret.txt": "s3cr3t" });
  const tries = {
    read: `Deno.readTextFileSync("${cwd}/secret.txt")`,
    plan: `Deno.readDirSync("${cwd}/.sluice/runs").next()`,
    write: `Deno.writeTextFileSync("${cwd}/x", "")`,
    env: `Deno.env.get("HOME")`,
    net: `await Deno.connect({ hostname: "127.0.0.1", port: 9 })`,
    sys: `Deno.hostname()`,
    run: `new Deno.Command("/bin/true").outputSync()`,
    signal: `Deno.kill(1, "SIGTERM")`,
    ffi: `Deno.dlopen("/x.so", {})`,
    import: `await import("${cwd}/secret.txt")`,
    remote: `await import("https://example.com/x.ts")`,
    npm: `await import("npm:yaml")`,
  };
  const attempts = Object.entries(tries).map(([name, code]) =>
    `try { ${code}; told.push("${name}"); } catch (error) { told.push(error.name); }`
  );
  const ran = await runForeign({
    run: `
      const told = [];
      ${attempts.join("\n")}
      try { Deno.stdin.readable.getReader(); told.push("stdin"); } catch { told.push("locked"); }
      return { told };`,
  }, { cwd, stdin: "typed by the user\n" });
  assert.equal(ran.code, 0, JSON.stringify(ran.error));
  const { facts } = ran.events.find(({ type }) => type === "step.done") as { facts: unknown };
  const refused = Object.keys(tries).map((name) =>
    ["import", "remote", "npm"].includes(name) ? "TypeError" : "NotCapable"
  );
  assert.deepEqual(facts, { told: [...refused, "locked"] });
});

Deno.test("a step of others that uses what it did not declare fails as refused", async () => {
  const { code, error } = await runForeign({ run: `Deno.readTextFileSync("/etc/hostname");` });
  assert.equal(code, 7);
  assert.equal(error!.message, 'the sandbox refused other: read access to "/etc/hostname"');
});

Deno.test("a step of others that may read the folder of runs does not", async () => {
  const cwd = await folderWith({});
  const { code, error } = await runForeign({
    grants: { read: [cwd], write: [`${cwd}/made`] },
    run: `
      await Deno.writeTextFile("${cwd}/made", "");
      for (const run of Deno.readDirSync("${cwd}/.sluice/runs")) console.log(run.name);`,
  }, { cwd });
  assert.equal(code, 7, JSON.stringify(error));
  assert.match(error!.message, /refused other: read access to .*\.sluice\/runs/);
  assert.ok(await Deno.stat(`${cwd}/made`));
});

Deno.test("a step of others cannot move the folder that holds all runs, and what is in it", async () => {
  const cwd = await folderWith({});
  await Deno.writeTextFile(
    `${cwd}/step.ts`,
    foreignFile({
      grants: { write: [cwd] },
      run: `await Deno.rename("${cwd}/.sluice", "${cwd}/moved"); return {};`,
    }),
  );
  await Deno.writeTextFile(`${cwd}/alone.yaml`, foreignPipeline());
  const { ended } = await startAccepted("alone.yaml", { cwd });
  const { code, stderr } = await ended;
  assert.equal(code, 7, stderr);
  assert.match(stderr, /other may not write .*: it holds .*\.sluice\/runs, where runs are kept/);
});

for (
  const [what, run, message] of [
    ["ends its process", "Deno.exit(3);", /ended with exit code 3 before it gave a result/],
    ["ends it well", "Deno.exit(0);", /ended with exit code 0 before it gave a result/],
    ["kills itself", 'Deno.kill(Deno.pid, "SIGKILL");', /was ended by (SIGKILL|signal 9)/],
    [
      "uses up its memory",
      "const all = []; while (true) all.push(new Array(1e5).fill(0.5));",
      /used up its memory \(heap limit 256 MiB\)/,
    ],
    ["throws", 'throw new TypeError("no such thing");', /^TypeError: no such thing$/],
    ["rejects nothing", "throw undefined;", /^undefined$/],
    [
      "leaves a rejection alone",
      "Promise.reject(new Error('x')); await new Promise(() => {});",
      /exit code 1/,
    ],
  ] as const
) {
  Deno.test(`a step of others that ${what} fails, and says so`, async () => {
    const ran = await runForeign({ run });
    assert.equal(ran.code, 4, JSON.stringify(ran.error));
    assert.match(ran.error!.message, message);
    assert.deepEqual(tokensOf(ran), ["other START", "other FAIL"]);
  });
}

Deno.test("a step of others cannot outlive its deadline, whatever it does", async () => {
  for (
    const rest of [
      "while (true);",
      `Deno.addSignalListener("SIGTERM", () => {});
       ctx.signal.addEventListener("abort", () => {});
       await new Promise((resolve) => setTimeout(resolve, 600_000));`,
    ]
  ) {
    const cwd = await folderWith({});
    const lock = `${cwd}/mine`;
    const ran = await runForeign({
      grants: { read: [lock], write: [lock] },
      run: takeLock(lock) + rest,
    }, { cwd, step: "timeout: 2s" });
    assert.equal(ran.code, 124);
    assert.match(ran.error!.message, /other took longer than 2000 ms/);
    assert.deepEqual(ran.events.filter(({ text }) => /still at work/.test(String(text))), []);
    assert.deepEqual(ran.output, ["locked"]);
    assert.ok(await isFree(lock));
  }
});

Deno.test("a step of others hears of its deadline and may tidy up", async () => {
  const cwd = await folderWith({});
  const ran = await runForeign({
    grants: { write: [`${cwd}/out`] },
    run: `
      await new Promise((resolve) => ctx.signal.addEventListener("abort", resolve));
      await Deno.writeTextFile("${cwd}/out", ctx.signal.reason.message);`,
  }, { cwd, step: "timeout: 1s" });
  assert.equal(ran.code, 124);
  assert.match(await Deno.readTextFile(`${cwd}/out`), /took longer than 1000 ms/);
});

/** A run that waits in a step of others, which holds a lock. */
async function startLocked(rest: string, args: readonly string[] = []) {
  const cwd = await folderWith({});
  const lock = `${cwd}/mine`;
  const text = foreignFile({
    grants: { read: [lock], write: [lock] },
    run: takeLock(lock) + rest,
  });
  await Deno.writeTextFile(`${cwd}/step.ts`, text);
  await Deno.writeTextFile(`${cwd}/alone.yaml`, foreignPipeline());
  const running = await startAccepted("alone.yaml", { cwd, args });
  await running.said("locked");
  return { cwd, lock, running };
}

Deno.test("Ctrl-C stops a step of others", async () => {
  const { cwd, lock, running } = await startLocked("while (true);");
  running.process.kill("SIGINT");
  const ran = await endOf(running, cwd);
  assert.equal(ran.code, 130);
  assert.ok(await isFree(lock));
});

Deno.test("a step of others whose launcher is gone ends as soon as it listens", async () => {
  const { lock, running } = await startLocked(
    "await new Promise((go) => setTimeout(go, 600_000));",
  );
  running.process.kill("SIGKILL");
  using file = await Deno.open(lock, { write: true });
  await file.lock(true); // Freed by the end of the process.
});

/** Whether setpriv is installed, which this process may not see. */
function hasSetpriv(): boolean {
  return new Deno.Command("/bin/sh", {
    args: ["-c", 'for path; do [ ! -x "$path" ] || exit 0; done; exit 1', "sh", ...setprivPaths],
    clearEnv: true,
  }).outputSync().success;
}

Deno.test("in no box a step of others that blocks its loop dies with its launcher", {
  ignore: !hasSetpriv(),
}, async () => {
  const { lock, running } = await startLocked("while (true);", ["--box", "none"]);
  running.process.kill("SIGKILL");
  using file = await Deno.open(lock, { write: true });
  await file.lock(true); // Freed by the end of the process.
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

Deno.test("a step of others that holds something lives until the run ends", async () => {
  const cwd = await folderWith({});
  const grants = { write: [`${cwd}/log`] };
  const log = (text: string) =>
    `Deno.writeTextFileSync("${cwd}/log", "${text} ", { append: true });`;
  await Deno.writeTextFile(`${cwd}/next.ts`, foreignFile({ grants, run: log("next") }));
  const ran = await runForeign({
    holds: true,
    grants,
    run: `
      ctx.scope.defer(() => { ${log("let go")} });
      ${log("held")}
      setInterval(() => {}, 1000);
      return {};`,
  }, { cwd, rest: "  - { id: next, uses: ./next.ts }\n" });
  assert.equal(ran.code, 0, JSON.stringify(ran.error));
  assert.equal(await Deno.readTextFile(`${cwd}/log`), "held next let go ");
});

Deno.test("a run fails that lost what a step of others held", async () => {
  const cwd = await folderWith({});
  // It ends once the next step has begun.
  const grants = { read: [`${cwd}/begun`], write: [`${cwd}/begun`] };
  await Deno.writeTextFile(
    `${cwd}/next.ts`,
    foreignFile({
      grants,
      run: `
        using file = await Deno.open("${cwd}/begun", { write: true });
        await file.lock(true);`,
    }),
  );
  const ran = await runForeign({
    holds: true,
    grants,
    run: `
      const file = await Deno.open("${cwd}/begun", { write: true, create: true });
      await file.lock(true);
      setTimeout(() => Deno.exit(9));
      return {};`,
  }, { cwd, rest: "  - { id: next, uses: ./next.ts }\n" });
  assert.equal(ran.code, 4);
  const finished = ran.events.find(({ type }) => type === "run.finished");
  assert.match(JSON.stringify(finished), /ended before the run: what it held is lost/);
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

Deno.test("secrets that a step of others may read are masked in all it says", async () => {
  const cwd = await folderWith({ "key": "hunter2-from-a-file\n" });
  const spec = {
    params: {
      type: "object",
      properties: {
        token: { type: "string", sluice: "secret" },
        key: { type: "string", sluice: "secret" },
      },
    },
    grants: { env: ["DEMO_TOKEN"], read: [`${cwd}/key`] },
  };
  const options = {
    cwd,
    env: { DEMO_TOKEN: "hunter1-from-env" },
    with: { token: "env:DEMO_TOKEN", key: "file:key" },
  };
  const ran = await runForeign({
    ...spec,
    run: `
      const token = Deno.env.get("DEMO_TOKEN");
      const key = await ctx.secret(input.key);
      console.log("printed", token, btoa(key));
      ctx.emit.note("noted " + key);
      return { token, key };`,
  }, options);
  assert.equal(ran.code, 0, JSON.stringify(ran.error));
  assert.deepEqual(ran.output, ["printed *** ***"]);
  assert.deepEqual(notesOf(ran), ["noted ***"]);
  const everything = JSON.stringify([ran.stdout, ran.events, ran.journal]);
  assert.ok(!/hunter/.test(everything), everything);
  await Deno.remove(`${cwd}/.sluice`, { recursive: true });
  const failed = await runForeign({
    ...spec,
    run: "throw new Error(`wrong token ${Deno.env.get('DEMO_TOKEN')}`);",
  }, options);
  assert.equal(failed.error!.message, "wrong token ***");
});

Deno.test("a step of others cannot have other steps' words masked", async () => {
  const cwd = await folderWith({});
  await Deno.writeTextFile(
    `${cwd}/next.ts`,
    foreignFile({ run: 'ctx.emit.note("all is well"); return { state: "well" };' }),
  );
  const ran = await runForeign({
    params: { type: "object", properties: { word: { type: "string", sluice: "secret" } } },
    grants: { env: ["DEMO_WORD"] },
    run: 'ctx.emit.note("all is well");',
  }, {
    cwd,
    env: { DEMO_WORD: "well" },
    with: { word: "env:DEMO_WORD" },
    rest: "  - id: next\n    uses: ./next.ts\n",
  });
  assert.deepEqual(notesOf(ran), ["all is ***", "all is well"]);
});

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

Deno.test("a step of others starts no program where no box can be put around it", async () => {
  const ran = await runForeign({
    grants: { run: [{ program: "true", args: [] }] },
    run: 'await ctx.exec({ program: "true", args: [] });',
  }, { args: ["--box", "none"] });
  assert.equal(ran.code, 7);
  assert.match(ran.said.join("\n"), /true may start in a box of its own only, and --box none/);
});

Deno.test("sluice audit compares what a step of others attempted with its own set", async () => {
  const cwd = await folderWith({ "in.txt": "" });
  const attempt = `
    await Deno.readTextFile("${cwd}/in.txt");
    await Deno.writeTextFile(await ctx.artifacts() + "/made", "");
    await Deno.writeTextFile(await ctx.scratch() + "/made", "");`;
  const audit = async () => await sluice(["audit", await onlyRun(cwd)], { cwd });
  const grants = { read: [`${cwd}/in.txt`] };
  await runForeign({ grants, run: attempt }, { cwd });
  const good = await audit();
  assert.equal(good.code, 0, good.stdout);
  assert.match(good.stdout, /attempted and not declared\n {2}nothing\n/);

  await Deno.remove(`${cwd}/.sluice`, { recursive: true });
  const more = "\nawait Deno.readTextFile('/etc/hostname').catch(() => {});";
  await runForeign({ grants: { ...grants, env: ["HOME"] }, run: attempt + more }, { cwd });
  const bad = await audit();
  assert.equal(bad.code, 1);
  assert.match(
    bad.stdout,
    /attempted and not declared\n {2}read \/etc\/hostname \(once, .*, by the process of other of start 1\)/,
  );
  assert.match(bad.stdout, /declared and never attempted\n {2}other \(to run\), .*\n {4}env HOME/);
});
