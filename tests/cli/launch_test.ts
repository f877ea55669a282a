// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno> --allow-net=127.0.0.1
import assert from "node:assert/strict";
import { folderWith } from "./folder_with.ts";
import { onlyRun, onlyRunFolder } from "./only_run.ts";
import { sluice } from "./start_sluice.ts";
import { serve } from "./told_service.ts";
import { waitPipeline } from "./wait_pipeline.ts";

Deno.test("sluice run writes tokens and nothing else to standard output", async () => {
  const { url, stop } = serve("ok");
  const cwd = await folderWith({ "wait.yaml": waitPipeline(url) });
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
  const cwd = await folderWith({ "wait.yaml": waitPipeline(url) });
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
  const script = waitPipeline(url, `, version_header: "x-token=env:SLUICE_TOKEN_KEY"`);
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
  const cwd = await folderWith({ "wait.yaml": waitPipeline(url, header) });
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
  assert.equal(other.code, 7);
  assert.match(other.stderr, /was accepted, but this is/);

  await Deno.writeTextFile(`${cwd}/covered.yaml`, waitPipeline(url, ""));
  const covered = ["covered.yaml", "--param", "root=root"];
  const planned = await sluice(["plan", ...covered], { cwd });
  assert.match(planned.stdout, /\nthe ceiling of .* covers it\n/);
  const named = (what: string) =>
    new RegExp(`^${what} +(sha256:[0-9a-f]{64})$`, "m").exec(planned.stdout)![1]!;
  const run = (accept: string) => sluice(["run", ...covered, "--accept", accept], { cwd });
  const mistaken = await run(named("plan"));
  assert.equal(mistaken.code, 7, mistaken.stderr);
  assert.match(mistaken.stderr, /the name of the plan, was accepted, but this is/);
  const pinned = await run(named("set"));
  await stop();
  assert.equal(pinned.code, 0, pinned.stderr);
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
  const cwd = await folderWith({ "wait.yaml": waitPipeline(url) });
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

Deno.test("with --tokens agent-log all is a log of JSON lines, faults before the run too", async () => {
  const cwd = await folderWith({ "wait.yaml": waitPipeline("http://127.0.0.1:1/") });
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
