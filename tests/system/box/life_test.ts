// flags: --allow-read=/ --allow-write=<tmp> --allow-run=<deno>,/bin/sh --allow-net=127.0.0.1 --allow-env=<what Deno needs>
/**
 * How boxes end, and that nothing in them outlives what started them.
 *
 * @module
 */
import assert from "node:assert/strict";
import { killProcesses } from "../../cli/kill_processes.ts";
import { onlyRun } from "../../cli/only_run.ts";
import { processesWith } from "../../cli/processes_with.ts";
import { sluice, startSluice } from "../../cli/start_sluice.ts";
import { serve } from "../../cli/told_service.ts";

/** A run that waits for a service which is not healthy yet. */
async function waiting() {
  const { url, seen, untilAsked, stop } = serve("starting");
  const cwd = await Deno.realPath(await Deno.makeTempDir());
  await Deno.writeTextFile(
    `${cwd}/wait.yaml`,
    `sluice: v1
name: wait
steps:
  - id: A0-1
    uses: release.lock
    with: { root: ${cwd}/root }
  - id: A0-2
    uses: http.probe
    with: { url: "${url}", deadline: 60s }
`,
  );
  const running = startSluice(["run", "wait.yaml"], { cwd });
  await untilAsked(running);
  const run = await onlyRun(cwd);
  return {
    cwd,
    running,
    seen,
    run,
    /** Processes of this run, the launcher's apart. */
    processes: () => processesWith("/runtime/runner.ts", cwd),
    journal: async () =>
      (await Deno.readTextFile(`${cwd}/.sluice/runs/${run}/journal.jsonl`))
        .trimEnd().split("\n").map((line) => JSON.parse(line)),
    [Symbol.asyncDispose]: stop,
  };
}

/** Waits until nothing of a run is alive; fails when that takes longer than the kernel may. */
async function assertGone(processes: () => Promise<readonly number[]>): Promise<void> {
  const deadline = performance.now() + 5000;
  let left = await processes();
  while (left.length > 0 && performance.now() < deadline) left = await processes();
  assert.deepEqual(left, []);
}

Deno.test("a runner in a box dies with its launcher", async () => {
  await using it = await waiting();
  assert.ok((await it.processes()).length >= 2); // bubblewrap, and Deno in it
  it.running.process.kill("SIGKILL");
  await it.running.ended;
  await assertGone(it.processes);
});

Deno.test("a run whose processes were all killed can be resumed in a box", async () => {
  await using it = await waiting();
  // All at once: a runner that sees its launcher go begins to undo.
  // The first takes others with it, which are then not there to be killed.
  await killProcesses(...await it.processes(), it.running.process.pid).catch(() => {});
  await it.running.ended;
  await assertGone(it.processes);
  const [begun] = await it.journal();
  assert.equal(begun.box.kind, "bubblewrap");
  assert.equal(begun.process, 1);
  assert.notEqual((await it.journal()).at(-1).type, "run.finished");

  it.seen.status = "ok";
  const resumed = await sluice(["resume", it.run], { cwd: it.cwd });
  assert.equal(resumed.code, 0, resumed.stderr);
  assert.match(resumed.stderr, /^in a box made by bubblewrap/m);
  const again = (await it.journal()).find(({ type }) => type === "run.resumed");
  assert.deepEqual([again.box.kind, again.process], ["bubblewrap", 2]);
  const audits = await Array.fromAsync(Deno.readDir(`${it.cwd}/.sluice/runs/${it.run}/audit`));
  assert.deepEqual(audits.map(({ name }) => name).sort(), ["1-runner.jsonl", "2-runner.jsonl"]);
  const audited = await Deno.readTextFile(
    `${it.cwd}/.sluice/runs/${it.run}/audit/2-runner.jsonl`,
  );
  assert.match(audited, /"permission":"net"/);
});

Deno.test("all in a box ends when bubblewrap is killed, and the launcher says how", async () => {
  await using it = await waiting();
  const [first] = await it.processes();
  await killProcesses(first!);
  const { code, stderr } = await it.running.ended;
  assert.equal(code, 70, stderr);
  assert.match(stderr, /the runner was lost: it was ended by SIGKILL/);
  await assertGone(it.processes);
});

Deno.test("the launcher says what ended a runner in its box", async () => {
  await using it = await waiting();
  await killProcesses((await it.processes()).at(-1)!);
  const { code, stderr } = await it.running.ended;
  assert.equal(code, 70, stderr);
  assert.match(stderr, /the runner was lost: it was ended by SIGKILL/);
  await assertGone(it.processes);
});

Deno.test("the lock names the launcher, whose id means something outside of the box", async () => {
  await using it = await waiting();
  const second = await sluice(["run", "wait.yaml"], { cwd: it.cwd });
  assert.equal(second.code, 10, second.stderr);
  assert.match(second.stderr, new RegExp(`by process ${it.running.process.pid}\\b`));
  it.seen.status = "ok";
  assert.equal((await it.running.ended).code, 0);
});
