// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>,/bin/sh
import assert from "node:assert/strict";
import { setprivPaths } from "../../runtime/launch/die_with_launcher.ts";
import { folderWith } from "./folder_with.ts";
import {
  endOf,
  foreignFile,
  foreignPipeline,
  runForeign,
  startAccepted,
  tokensOf,
} from "./foreign_bed.ts";

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
