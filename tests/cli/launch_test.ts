// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>,/bin/sh --allow-net=127.0.0.1
import assert from "node:assert/strict";
import { folderWith } from "./folder_with.ts";
import { killRunner } from "./kill_processes.ts";
import { journalOf, onlyRun, onlyRunFolder } from "./only_run.ts";
import { launcherRun, sluice, startRunner, startSluice } from "./start_sluice.ts";
import { serve } from "./told_service.ts";

const project = decodeURIComponent(new URL("../..", import.meta.url).pathname).replace(/\/$/, "");

/** Takes the lock of an installation, then waits for a service. */
const pipeline = (url: string, more = "") =>
  `sluice: v1
name: wait
summary: Wait for a service
steps:
  - id: A0-1
    uses: release.lock
    with: { root: "\${{ params.root }}" }
  - id: A0-2
    uses: http.probe
    with: { url: "${url}", deadline: 60s${more} }
params:
  root: { type: path }
`;

Deno.test("sluice run writes tokens and nothing else to standard output", async () => {
  const { url, stop } = serve("ok");
  const cwd = await folderWith({ "wait.yaml": pipeline(url) });
  const { code, stdout, stderr } = await sluice(["run", "wait.yaml", "--param", "root=root"], {
    cwd,
  });
  await stop();
  assert.equal(code, 0, stderr);
  const run = await onlyRun(cwd);
  const tokens = stdout.replaceAll(/"elapsed_s":[\d.]+/g, '"elapsed_s":0').trimEnd().split("\n");
  assert.deepEqual(tokens, [
    `APPLIANCE_STEP:A0-1:START:{"run":"${run}","seq":1}`,
    `APPLIANCE_STEP:A0-1:OK:{"run":"${run}","seq":2,"elapsed_s":0}`,
    `APPLIANCE_STEP:A0-2:START:{"run":"${run}","seq":3}`,
    `APPLIANCE_STEP:A0-2:OK:{"run":"${run}","seq":4,"elapsed_s":0}`,
  ]);
  assert.match(stderr, /wait is done/);
});

Deno.test("sluice run gives tokens a mac that sluice tokens verifies, and a step no key", async () => {
  const { url, stop } = serve("ok");
  const cwd = await folderWith({ "wait.yaml": pipeline(url) });
  const env = { SLUICE_TOKEN_KEY: "k3y" };
  const args = ["run", "wait.yaml", "--param", "root=root", "--tokens", "json"];
  const { code, stdout, stderr } = await sluice(args, { cwd, env });
  await stop();
  assert.equal(code, 0, stderr);
  for (const line of stdout.trimEnd().split("\n")) {
    assert.match(
      JSON.parse(line).token,
      /^APPLIANCE_STEP:A0-\d:[A-Z]+:\{.*"mac":"[0-9a-f]{64}"\}$/,
    );
  }
  const script = pipeline(url, `, version_header: "x-token=env:SLUICE_TOKEN_KEY"`);
  await Deno.writeTextFile(`${cwd}/steal.yaml`, script);
  const planned = await sluice(["plan", "steal.yaml", "--param", "root=root"], { cwd, env });
  const accept = /--accept (sha256:\w+)/.exec(planned.stdout)?.[1] ?? "";
  const stolen = await sluice(
    ["run", "steal.yaml", "--param", "root=root", "--accept", accept],
    { cwd, env },
  );
  assert.equal(stolen.code, 7, stolen.stderr);
  assert.match(stolen.stderr, /SLUICE_TOKEN_KEY/);
});

Deno.test("sluice run refuses what no ceiling covers, and runs exactly what was accepted", async () => {
  const { url, seen, stop } = serve("ok");
  const header = `, version_at: "${url}v#/version", version_header: "x-token=env:WAIT_TOKEN"`;
  const cwd = await folderWith({ "wait.yaml": pipeline(url, header) });
  const env = { WAIT_TOKEN: "s3cret-value" };
  const args = ["run", "wait.yaml", "--param", "root=root"];

  const refused = await sluice(args, { cwd, env });
  assert.equal(refused.code, 7, refused.stderr);
  assert.equal(refused.stdout, "");
  assert.match(refused.stderr, /does not allow:\n {4}env {6}WAIT_TOKEN\n/);
  const command = /sluice (run .* --accept sha256:[0-9a-f]{64})$/m.exec(refused.stderr)?.[1];
  assert.ok(command !== undefined, refused.stderr);
  await assert.rejects(Deno.stat(`${cwd}/.sluice`), Deno.errors.NotFound);
  assert.equal(seen.headers.length, 0);

  const accepted = await sluice(command.split(" "), { cwd, env });
  assert.equal(accepted.code, 0, accepted.stderr);
  assert.ok(seen.headers.includes("s3cret-value"));
  for await (const { name, isFile } of Deno.readDir(await onlyRunFolder(cwd))) {
    if (!isFile) continue;
    const text = await Deno.readTextFile(`${await onlyRunFolder(cwd)}/${name}`);
    assert.ok(!text.includes("s3cret-value"), name);
  }

  const other = await sluice([...args, "--accept", `sha256:${"0".repeat(64)}`], { cwd, env });
  await stop();
  assert.equal(other.code, 7);
  assert.match(other.stderr, /was accepted, but this is/);
});

Deno.test("a runner that is killed ends 70, and the run can be resumed", async () => {
  const { url, seen, untilAsked, stop } = serve("starting");
  const cwd = await folderWith({ "wait.yaml": pipeline(url) });
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

Deno.test("Ctrl-C stops and undoes the run, and ends 130", async () => {
  const { url, untilAsked, stop } = serve("starting");
  const cwd = await folderWith({ "wait.yaml": pipeline(url) });
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
  const cwd = await folderWith({ "wait.yaml": pipeline(url) });
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
  const cwd = await folderWith({ "wait.yaml": pipeline(url) });
  const running = startSluice(["run", "wait.yaml", "--param", "root=root"], { cwd });
  await untilAsked(running);
  await killRunner(cwd); // Any end will do: what matters stands below.
  await running.ended;
  seen.status = "ok";
  const run = await onlyRun(cwd);
  const main = `${project}/runtime/launch/main.ts`;
  const reader = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--cached-only",
      "--no-check",
      "--allow-read",
      "--allow-env",
      launcherRun,
      main,
      "resume",
      run,
    ],
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

Deno.test("the launcher hands standard input on to a command that wants it", async () => {
  const cwd = await folderWith({});
  const log =
    'APPLIANCE_STEP:A:START:{"run":"r","seq":1}\nAPPLIANCE_STEP:A:OK:{"run":"r","seq":2}\n';
  const good = await sluice(["tokens", "-"], { cwd, stdin: log });
  assert.equal(good.code, 0, good.stderr);
  const torn = await sluice(["tokens", "-"], { cwd, stdin: log.replace('"seq":2', '"seq":3') });
  assert.notEqual(torn.code, 0);
});

Deno.test("a launched program is told in exit codes: usage 64, invalid 2", async () => {
  const cwd = await folderWith({ "bad.yaml": "sluice: v1\nnmae: x\n" });
  assert.equal((await sluice(["nonsense"], { cwd })).code, 64);
  assert.equal((await sluice(["run", "bad.yaml"], { cwd })).code, 2);
});

Deno.test("the newest fifty runs are kept", async () => {
  const { url, stop } = serve("ok");
  const cwd = await folderWith({ "wait.yaml": pipeline(url) });
  for (let number = 100; number < 155; number++) {
    const folder = `${cwd}/.sluice/runs/2001-${number}`;
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(`${folder}/journal.jsonl`, '{"type":"run.finished"}\n');
  }
  const { code, stderr } = await sluice(["run", "wait.yaml", "--param", "root=root"], { cwd });
  await stop();
  assert.equal(code, 0, stderr);
  const left = (await Array.fromAsync(Deno.readDir(`${cwd}/.sluice/runs`)))
    .filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
  assert.equal(left.length, 50);
  assert.ok(!left.includes("2001-105") && left.includes("2001-106"), left.join());
});

Deno.test("a hook is started by the launcher, as it was declared", async () => {
  const cwd = await folderWith({
    "hook.yaml": `sluice: v1
name: hook
summary: Run a hook
params:
  root: { type: path }
steps:
  - id: A0-1
    uses: release.hook
    with: { root: "\${{ params.root }}", hooks: unconfined, release: "1.0" }
`,
  });
  await Deno.mkdir(`${cwd}/root/releases/1.0`, { recursive: true });
  const hook =
    `#!/bin/sh\necho "APPLIANCE_STEP:A0-1:FAIL"\necho "$SLUICE_VERSION in $(pwd)" > ${cwd}/ran\n`;
  await Deno.writeTextFile(`${cwd}/root/releases/1.0/post_install.sh`, hook, { mode: 0o755 });
  const args = ["run", "hook.yaml", "--param", "root=root"];
  const refused = await sluice(args, { cwd });
  assert.equal(refused.code, 7);
  assert.match(refused.stderr, /run {6}.*post_install\.sh.*by the launcher, not confined/);
  const accept = /--accept sha256:[0-9a-f]{64}/.exec(refused.stderr)![0].split(" ");
  const { code, stdout, stderr } = await sluice([...args, ...accept], { cwd });
  assert.equal(code, 0, stderr);
  assert.equal(await Deno.readTextFile(`${cwd}/ran`), `1.0 in ${cwd}/root/releases/1.0\n`);
  assert.doesNotMatch(stdout, /FAIL/);
  const spawned = await Deno.readTextFile(
    `${await onlyRunFolder(cwd)}/spawned.jsonl`,
  );
  assert.equal(JSON.parse(spawned.split("\n")[0]!).brokered, true);
});

Deno.test("a runner without a launcher runs a plan with fixed flags", async () => {
  const { url, stop } = serve("ok");
  const cwd = await folderWith({ "wait.yaml": pipeline(url) });
  const planned = await sluice(
    ["plan", "wait.yaml", "--param", "root=root", "--format", "json"],
    { cwd },
  );
  assert.equal(planned.code, 0, planned.stderr);
  await Deno.writeTextFile(`${cwd}/plan.json`, planned.stdout);
  const flags = [
    `--allow-read=${cwd}/plan.json,${cwd}/root,${cwd}/runs`,
    `--allow-write=${cwd}/root,${cwd}/runs`,
    `--allow-net=${new URL(url).host}`,
    "--allow-env=SLUICE_TOKEN_KEY",
  ];
  const args = ["--plan", `${cwd}/plan.json`, "--runs", `${cwd}/runs`, "--run", "r1"];
  const env = { SLUICE_TOKEN_KEY: "k3y" };
  const { code, stdout, stderr } = await startRunner(flags, args, { cwd, env }).ended;
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^APPLIANCE_STEP:A0-1:START:\{"run":"r1","seq":1,"mac":"[0-9a-f]{64}"\}\n/);
  assert.equal(stdout.trimEnd().split("\n").length, 4);

  const again = await startRunner(flags, args, { cwd }).ended;
  assert.equal(again.code, 64);
  assert.match(again.stderr, /there is a run in .*\/runs\/r1 already/);
  const wrong = await startRunner(flags, ["--plan"], { cwd }).ended;
  assert.equal(wrong.code, 64);
  const elsewhere = [...args.slice(0, 3), `${cwd}/elsewhere`, "--go-on"];
  const refused = await startRunner(flags, elsewhere, { cwd }).ended;
  assert.equal(refused.code, 7, refused.stderr);
  assert.match(
    refused.stderr,
    /^sluice: Requires read access to ".*\/elsewhere"\n {2}help: the flags/,
  );
  await stop();
});

Deno.test("with --tokens agent-log all is a log of JSON lines, faults before the run too", async () => {
  const cwd = await folderWith({ "wait.yaml": pipeline("http://127.0.0.1:1/") });
  const bad = await sluice(["run", "wait.yaml", "--tokens", "agent-log"], {
    cwd,
    env: { AGENT_APP_ID: "a-1" },
  });
  assert.deepEqual([bad.code, bad.stderr], [2, ""]);
  const lines = bad.stdout.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ level, agentAppId, event }) => [level, agentAppId, event]), [
    ["error", "a-1", "config"],
    ["error", "a-1", "exit"],
  ]);
  assert.match(lines[0].details.message, /root/);
  const usage = await sluice(["run", "--nothing", "--tokens=agent-log"], { cwd });
  assert.deepEqual([usage.code, usage.stderr], [64, ""]);
  assert.match(usage.stdout, /"event":"exit","details":\{"exit":64\}/);
});
