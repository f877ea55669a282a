// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>,/bin/sh --allow-net=127.0.0.1
import assert from "node:assert/strict";
import { copyProject } from "./copy_project.ts";
import { folderWith } from "./folder_with.ts";
import { killRunner } from "./kill_processes.ts";
import { journalOf, onlyRun, onlyRunFolder } from "./only_run.ts";
import { launcherFlags, sluice, startSluice } from "./start_sluice.ts";
import { serve } from "./told_service.ts";
import { waitPipeline } from "./wait_pipeline.ts";

const project = decodeURIComponent(new URL("../..", import.meta.url).pathname).replace(/\/$/, "");

Deno.test("a runner that is killed ends 70, and the run can be resumed", async () => {
  const { url, seen, untilAsked, stop } = serve("starting");
  const cwd = await folderWith({ "wait.yaml": waitPipeline(url) });
  const running = startSluice(["run", "wait.yaml", "--param", "root=root"], { cwd });
  await untilAsked(running);
  await killRunner(cwd);
  const killed = await running.ended;
  const run = await onlyRun(cwd);
  assert.equal(killed.code, 70, killed.stderr);
  assert.match(killed.stderr, new RegExp(`the runner was lost: it was ended by SIGKILL`));
  assert.match(killed.stderr, new RegExp(`sluice resume ${run}`));

  seen.status = "ok";
  const resumed = await sluice(["resume", run], { cwd });
  await stop();
  assert.equal(resumed.code, 0, resumed.stderr);
  const all = await folderWith({ "all.log": killed.stdout + resumed.stdout });
  const checked = await sluice(["tokens", "all.log"], { cwd: all });
  assert.equal(checked.code, 0, checked.stderr);
  assert.match(resumed.stdout, /APPLIANCE_STEP:A0-2:OK/);
});

Deno.test("a runner that is lost before its journal begins leaves nothing to go on with, and is told so", async () => {
  const cwd = await folderWith({ "wait.yaml": waitPipeline("http://127.0.0.1:9/") });
  const { folder, write } = await copyProject();
  await write("runtime/runner.ts", "Deno.exit(9);");
  const args = ["run", "wait.yaml", "--param", "root=root"];
  const { code, stderr } = await sluice(args, { cwd, project: folder });
  const run = await onlyRun(cwd);
  assert.equal(code, 70, stderr);
  assert.match(stderr, new RegExp(`lost: it ended with 9; run ${run} had done nothing yet\n`));
  assert.match(stderr, /help: start it again\n/);
});

Deno.test("Ctrl-C stops and undoes the run, and ends 130", async () => {
  const { url, untilAsked, stop } = serve("starting");
  const cwd = await folderWith({ "wait.yaml": waitPipeline(url) });
  const running = startSluice(["run", "wait.yaml", "--param", "root=root"], { cwd });
  await untilAsked(running);
  running.process.kill("SIGINT");
  const { code, stdout, stderr } = await running.ended;
  await stop();
  assert.equal(code, 130, stderr);
  assert.match(stdout, /APPLIANCE_STEP:A0-2:FAIL:/);
  assert.equal((await journalOf(cwd)).at(-1)?.["type"], "run.finished");
});

Deno.test("a runner in no box that loses its launcher stops and finishes its journal", async () => {
  const { url, untilAsked, stop } = serve("starting");
  const cwd = await folderWith({ "wait.yaml": waitPipeline(url) });
  const running = startSluice(["run", "wait.yaml", "--param", "root=root", "--box", "none"], {
    cwd,
  });
  await untilAsked(running);
  const folder = await onlyRunFolder(cwd);
  const watcher = Deno.watchFs(folder);
  running.process.kill("SIGKILL");
  const finished = async () => (await journalOf(cwd)).at(-1)?.["type"] === "run.finished";
  for await (const _ of watcher) if (await finished()) break;
  await running.ended;
  await stop();
  assert.equal((await journalOf(cwd)).at(-1)?.["outcome"], "interrupted");
});

Deno.test("a reader that goes away does not stop a run", async () => {
  const { url, seen, untilAsked, stop } = serve("starting");
  const cwd = await folderWith({ "wait.yaml": waitPipeline(url) });
  const running = startSluice(["run", "wait.yaml", "--param", "root=root"], { cwd });
  await untilAsked(running);
  await killRunner(cwd); // Any end will do: what matters stands below.
  await running.ended;
  seen.status = "ok";
  const run = await onlyRun(cwd);
  const main = `${project}/runtime/launch/main.ts`;
  const reader = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", ...launcherFlags, main, "resume", run],
    cwd: project,
    env: { INIT_CWD: cwd },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  await reader.stdout.cancel();
  await reader.stderr.cancel();
  assert.equal((await reader.status).code, 0);
  await stop();
  assert.equal((await journalOf(cwd)).at(-1)?.["type"], "run.finished");
});
