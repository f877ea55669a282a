// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno> --allow-net=127.0.0.1
import assert from "node:assert/strict";
import { copyProject, type ProjectCopy } from "./copy_project.ts";
import { startRunner } from "./start_sluice.ts";

/** A service that answers well, and counts. */
function serve() {
  const seen = { asked: 0 };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
    seen.asked++;
    return Response.json({ status: "ok", version: "1.0" });
  });
  return { seen, url: `http://127.0.0.1:${server.addr.port}/`, stop: () => server.shutdown() };
}

const pipeline = (url: string, more = "") =>
  `sluice: v1
name: ask
summary: Ask a service once
params:
  url: { type: url, default: "${url}", env: ASK_URL }
  version: { type: string, default: "" }
steps:
  - id: A0-1
    uses: http.probe
    with: { url: "\${{ params.url }}", deadline: 5s, good_answers: 1, expect: "\${{ params.version }}" }
${more}`;

/** One copy for all tests, each of which makes it as it needs it: a new one has to be compiled. */
const copy = copyProject();

/** A project with one more fixed surface, locked. */
async function projectWith(url: string): Promise<ProjectCopy> {
  const project = await copy;
  const surfaces = (await project.original("pipelines/surfaces.yaml")).replace(
    "surfaces:\n",
    "surfaces:\n  ask:\n    kind: fixed\n    pipeline: pipelines/ask.yaml\n",
  );
  await project.write("pipelines/surfaces.yaml", surfaces);
  await project.write("pipelines/ask.yaml", pipeline(url));
  for (const file of ["permissions.lock.json", "deno.json"]) {
    await project.write(file, await project.original(file));
  }
  await Deno.remove(`${project.folder}/.sluice`, { recursive: true }).catch(() => {});
  const { code, stderr } = await project.sluice(["lock"]);
  assert.equal(code, 0, stderr);
  return project;
}

Deno.test("a fixed surface runs its pipeline, with what its permissions do not depend on", async () => {
  const { url, seen, stop } = serve();
  const project = await projectWith(url);
  const planned = await project.sluice(["plan", "--surface", "ask"]);
  assert.match(planned.stdout, /the locked set of the surface ask covers it\nset sha256:/);
  const { code, stdout, stderr } = await project.sluice([
    ...["run", "--surface", "ask", "--param", "version=1.0"],
  ]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /APPLIANCE_STEP:A0-1:OK/);
  assert.ok(seen.asked > 0);
  const other = await project.sluice(["run", "--surface=ask", "--param", "version=2.0"]);
  await stop();
  assert.equal(other.code, 4, other.stderr);
});

Deno.test("a fixed surface takes no parameter that its permissions depend on, however it is given", async () => {
  const { url, seen, stop } = serve();
  const project = await projectWith(url);
  await project.write("values.yaml", `url: ${url}other\n`);
  const ways: readonly (readonly [string[], RegExp, Record<string, string>?])[] = [
    [["--param", `url=${url}`], /--param url: .*by step A0-1 \(http\.probe\)/],
    [["--params", "values.yaml"], /url in values\.yaml: /],
    [[], /the variable ASK_URL gives url another value/, { ASK_URL: `${url}other` }],
    [["pipelines/ask.yaml"], /leave out pipelines\/ask\.yaml/],
    [["--accept", `sha256:${"0".repeat(64)}`], /--surface and --accept/],
    [["--plan", "values.json"], /--surface and --plan/],
  ];
  for (const [args, message, env] of ways) {
    const { code, stderr } = await project.sluice(["run", "--surface", "ask", ...args], env);
    assert.equal(code, 64, stderr);
    assert.match(stderr, message);
  }
  const unknown = await project.sluice(["run", "--surface", "aks"]);
  assert.equal(unknown.code, 64);
  assert.match(unknown.stderr, /did you mean "ask"\?/);
  assert.equal(seen.asked, 0);
  // The variable says what the surface says.
  const same = await project.sluice(["run", "--surface", "ask"], { ASK_URL: url });
  await stop();
  assert.equal(same.code, 0, same.stderr);
});

Deno.test("a fixed surface whose pipeline needs more than was locked ends 7, and nothing runs", async () => {
  const { url, seen, stop } = serve();
  const project = await projectWith(url);
  const lock = "  - id: A0-2\n    uses: release.lock\n    with: { root: /opt/ask }\n";
  await project.write("pipelines/ask.yaml", pipeline(url, lock));
  const refused = await project.sluice(["run", "--surface", "ask"]);
  assert.equal(refused.code, 7, refused.stderr);
  assert.equal(refused.stdout, "");
  assert.match(
    refused.stderr,
    /the locked set of the surface ask does not allow:\n {4}read {5}\/opt\/ask\n/,
  );
  assert.match(refused.stderr, /sluice lock --check shows what changed/);
  await assert.rejects(Deno.stat(`${project.folder}/.sluice`), Deno.errors.NotFound);
  assert.equal(seen.asked, 0);
  await stop();

  const planned = await project.sluice(["plan", "--surface", "ask"]);
  assert.match(planned.stdout, /does not allow:\n[^]*sluice lock --check shows what changed\nset /);
  assert.equal(planned.code, 7);
  const asJson = await project.sluice(["plan", "--surface", "ask", "--format", "json"]);
  assert.equal(asJson.code, 7);
  assert.equal(JSON.parse(asJson.stdout).name, "ask");
  assert.match(
    asJson.stderr,
    /^sluice: the locked set of the surface ask does not allow:\n {4}read/m,
  );
  const checked = await project.sluice(["lock", "--check"]);
  assert.equal(checked.code, 1);
  assert.match(
    checked.stdout,
    /^widened[^]*writes {4}\/opt\/ask\n {6}A0-2 release\.lock at pipelines\/ask\.yaml:11\n/,
  );
  assert.doesNotMatch(checked.stdout, /too wide/);
});

Deno.test("a surface that nobody locked ends 7, one in a lock that was damaged by hand ends 2 with its place", async () => {
  const { url, stop } = serve();
  const project = await projectWith(url);
  const written = await project.read("permissions.lock.json");
  await project.edit("permissions.lock.json", '"ask": {', '"aks": {');
  const unlocked = await project.sluice(["run", "--surface", "ask"]);
  assert.equal(unlocked.code, 7, unlocked.stderr);
  assert.match(unlocked.stderr, /permissions\.lock\.json has no surface ask/);

  await project.write("permissions.lock.json", written.replace('"pipeline":', '"pipline":'));
  for (const args of [["run", "--surface", "ask"], ["lock", "--check"]]) {
    const { code, stderr } = await project.sluice(args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /permissions\.lock\.json:\d+:\d+: .*"pipline"/);
  }
  await stop();
  const mended = await project.sluice(["lock"]);
  assert.equal(mended.code, 0, mended.stderr);
  assert.equal(await project.read("permissions.lock.json"), written);
});

Deno.test("an open surface runs its pipelines and no other", async () => {
  const { url, stop } = serve();
  const project = await projectWith(url);
  await stop();
  const args = ["plan", "pipelines/upgrade/plan.yaml", "--param", "bundle=a.tar.zst"];
  const listed = await project.sluice([...args, "--surface", "upgrade"]);
  assert.match(listed.stdout, /the ceiling of the surface upgrade covers it/, listed.stderr);
  const stranger = await project.sluice(["run", "pipelines/ask.yaml", "--surface", "upgrade"]);
  assert.equal(stranger.code, 64, stranger.stderr);
  const none = await project.sluice(["run", "--surface", "upgrade"]);
  assert.equal(none.code, 64);
  assert.match(none.stderr, /FILE is missing/);
});

Deno.test("the set of a fixed surface in deno.json starts a runner that needs no launcher, and nothing wider", async () => {
  const { url, stop } = serve();
  const project = await projectWith(url);
  const planned = await project.sluice(["plan", "--surface", "ask", "--format", "json"]);
  await Deno.mkdir(`${project.folder}/.sluice`);
  await project.write(".sluice/ask.plan.json", planned.stdout);
  await project.write("ask.plan.json", planned.stdout);
  const start = (plan: string) =>
    startRunner(["-P=ask"], ["--plan", plan, "--runs", `${project.folder}/.sluice/runs`], {
      cwd: project.folder,
      project: project.folder,
    }).ended;
  const ran = await start(`${project.folder}/.sluice/ask.plan.json`);
  assert.equal(ran.code, 0, ran.stderr);
  assert.match(ran.stdout, /APPLIANCE_STEP:A0-1:OK/);
  const outside = await start(`${project.folder}/ask.plan.json`);
  await stop();
  assert.notEqual(outside.code, 0);
  assert.match(outside.stderr, /Requires read access/);
});
