// flags: --allow-read=/ --allow-write=<tmp> --allow-run=<deno>,/usr/bin/bwrap,/bin/sh --allow-env=SLUICE_TEST_BOX
/**
 * Steps of others in the boxes of their own: what their programs find there, and what holds them.
 *
 * @module
 */
import assert from "node:assert/strict";
import { folderWith } from "../../cli/folder_with.ts";
import {
  foreignPipeline,
  type ForeignRun,
  type ForeignSpec,
  runForeign,
} from "../../cli/foreign_bed.ts";
import { onlyRunFolder } from "../../cli/only_run.ts";
import { sluice } from "../../cli/start_sluice.ts";

/** A script in `/bin/sh`, which a step of others may start with any arguments. */
const shell = { program: "/bin/sh", args: ["-c", "*", "sh", "**"] };

/** Has a script started by a step of others; its result is the step's facts. */
const started = (script: string, ...args: readonly string[]) => `
  return await ctx.exec({
    program: "/bin/sh",
    args: ["-c", ${JSON.stringify(script)}, "sh", ...${JSON.stringify(args)}],
    env: {},
  });`;

/** The real `/bin/sh`: the link itself is no file. */
const real = { ...shell, program: await Deno.realPath("/bin/sh") };

function factsOf(ran: ForeignRun): { code: number; stdout: string; stderr: string } {
  const done = ran.events.find(({ type }) => type === "step.done");
  assert.ok(done, JSON.stringify([ran.error, ran.said]));
  return done["facts"] as ReturnType<typeof factsOf>;
}

async function run(spec: ForeignSpec, cwd?: string) {
  const own = { ...spec, run: spec.run.replaceAll('"/bin/sh"', JSON.stringify(real.program)) };
  return await runForeign(own, cwd === undefined ? {} : { cwd });
}

Deno.test("a program of a step of others runs in a box of what the step may touch", async () => {
  const cwd = await folderWith({ "mine": "mine\n", "other": "other\n" });
  await Deno.mkdir(`${cwd}/out`);
  const ran = await run({
    grants: { read: [`${cwd}/mine`], write: [`${cwd}/out`], run: [real] },
    run: started(
      'cat "$1/mine"; cat "$1/other" || echo nothing; echo made > "$1/out/file"; echo x > "$1/x" || echo no',
      cwd,
    ),
  }, cwd);
  const { code, stdout } = factsOf(ran);
  assert.equal(code, 0);
  assert.equal(stdout, "mine\nnothing\nno\n");
  assert.equal(await Deno.readTextFile(`${cwd}/out/file`), "made\n");
});

Deno.test("a program of a step of others gets no variables, network, processes or runs of others", async () => {
  const cwd = await folderWith({});
  const ran = await run({
    grants: { read: [cwd], run: [real] },
    run: started(
      `env | grep -v '^PWD=\\|^_=\\|^SHLVL=\\|^OLDPWD='
       ls "$1/.sluice/runs" | wc -l
       ls -d /proc/[0-9]* | wc -l
       cat /proc/net/dev | grep -c eth || true`,
      cwd,
    ),
  }, cwd);
  const [runs, processes, networks] = factsOf(ran).stdout.trimEnd().split("\n").map(Number);
  assert.equal(runs, 0);
  assert.ok(processes! < 8, factsOf(ran).stdout);
  assert.equal(networks, 0);
});

Deno.test("a step of others starts no program, shape or variable that it did not declare", async () => {
  const ls = { program: "ls", args: ["--", "*"] };
  for (
    const request of [
      { program: "cat", args: ["/etc/passwd"] },
      { program: "ls", args: ["-l", "/"] },
      { program: "ls", args: ["--", "/"], env: { LD_PRELOAD: "x" } },
    ]
  ) {
    const ran = await run({
      grants: { run: [ls] },
      run: `await ctx.exec(${JSON.stringify(request)});`,
    });
    assert.equal(ran.code, 7, JSON.stringify(request));
    assert.equal(ran.error!.name, "RefusedError");
  }
  const fine = await run({
    grants: { run: [ls] },
    run: 'return await ctx.exec({ program: "ls", args: ["--", "/"] });',
  });
  assert.match(factsOf(fine).stdout, /^bin$/m);
});

Deno.test("programs of a step of others are recorded like those of every other", async () => {
  const ran = await run({
    grants: { run: [{ program: "true", args: [] }] },
    run: 'await ctx.exec({ program: "true", args: [] });',
  });
  assert.equal(ran.code, 0, JSON.stringify(ran.error));
  const text = await Deno.readTextFile(`${await onlyRunFolder(ran.cwd)}/spawned.jsonl`);
  const [line] = text.split("\n").map((line) => line === "" ? undefined : JSON.parse(line));
  assert.equal(line.step, "other");
  assert.match(line.program, /^\/.*\/true$/);
  assert.equal(line.brokered, true);
});

Deno.test("a program of a step of others does not outlive the step's deadline", async () => {
  const cwd = await folderWith({});
  await Deno.mkdir(`${cwd}/out`);
  const spec = {
    grants: { write: [`${cwd}/out`], run: [real] },
    run: started('exec 9> "$1/out/lock"; flock 9; while :; do sleep 0.1; done', cwd)
      .replaceAll('"/bin/sh"', JSON.stringify(real.program)),
  };
  const ran = await runForeign(spec, { cwd, step: "timeout: 3s" });
  assert.equal(ran.code, 124, JSON.stringify(ran.error));
  using file = await Deno.open(`${cwd}/out/lock`, { write: true });
  assert.ok(await file.tryLock(true), "the program holds its lock still");
});

Deno.test("the process of a step of others is alone in its box", async () => {
  const cwd = await folderWith({});
  const ran = await run({
    grants: { read: [cwd] },
    run: `
      const found = Deno.readDirSync("${cwd}");
      return { names: [...found].map(({ name }) => name).sort(), pid: Deno.pid };`,
  }, cwd);
  const facts = factsOf(ran) as unknown as { names: readonly string[]; pid: number };
  assert.deepEqual(facts.names, [".sluice", "alone.yaml", "step.ts"]);
  assert.ok(facts.pid < 10, `${facts.pid}`);
});

Deno.test("memory outside of the heap has a limit in a box", async () => {
  const ran = await run({
    run: `
      const all = [];
      try {
        for (let n = 0; n < 100; n++) all.push(new Uint8Array(100e6).fill(1));
      } catch (error) {
        return { name: error.name, kept: all.length };
      }
      return { name: "", kept: all.length };`,
  });
  const facts = factsOf(ran) as unknown as { name: string; kept: number };
  assert.equal(facts.name, "RangeError");
  assert.ok(facts.kept < 12, `${facts.kept}`);
});

Deno.test("handles have a limit in a box", async () => {
  const cwd = await folderWith({ "file": "" });
  const ran = await run({
    grants: { read: [`${cwd}/file`] },
    run: `
      const all = [];
      for (let n = 0; n < 5000; n++) all.push(Deno.openSync("${cwd}/file"));`,
  }, cwd);
  assert.equal(ran.code, 4);
  assert.match(ran.error!.message, /Too many open files/);
});

Deno.test("code of others is asked what it is in an empty box, with limits", async () => {
  const cwd = await folderWith({
    "step.ts": `
      const all = [];
      for (let n = 0; n < 100; n++) all.push(new Uint8Array(100e6).fill(1));
      export default {};`,
    "alone.yaml": foreignPipeline(),
  });
  const { code, stderr } = await sluice(["check", "alone.yaml"], { cwd });
  assert.equal(code, 2);
  assert.match(stderr, /\.\/step\.ts cannot be loaded: RangeError: Array buffer allocation failed/);
});
