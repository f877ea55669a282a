// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>,/bin/sh
/**
 * What `sluice compile` refuses, and that nothing is left then. What it makes is held by
 * `tests/system/compiled_suite.ts`.
 *
 * @module
 */
import assert from "node:assert/strict";
import { foreignFile } from "./foreign_bed.ts";
import { copyProject, type ProjectCopy } from "./copy_project.ts";

/** One copy for all tests: a new one has to be compiled. */
const copy = copyProject();

/** Compiles the surface `appliance-watch` into `made`, of which nothing may be left. */
async function refused(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly stderr: string }> {
  const project = await copy;
  const before = await names(project);
  const { code, stdout, stderr } = await project.sluice(["compile", ...args], env);
  assert.deepEqual(await names(project), before, stderr);
  assert.equal(stdout, "");
  assert.match(stderr, /^sluice: [^]*\n {2}help: /);
  assert.doesNotMatch(stderr, / at .*\.ts:/);
  return { code, stderr };
}

async function names({ folder }: ProjectCopy): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
}

/** Writes a program that is made of another one, of which a text is replaced and one is added. */
async function makeProgram(name: string, from: string, edit: string): Promise<string> {
  const { folder } = await copy;
  const path = `${folder}/pipelines/${name}`;
  const script = `sed '${edit}' "$1" >"$2" && printf '\\0%s\\0' "$3" >>"$2" && chmod +x "$2"`;
  const { success } = await new Deno.Command("/bin/sh", {
    args: ["-c", script, "sh", from, path, "Could not find standalone binary section."],
    clearEnv: true,
    env: { PATH: "/usr/bin:/bin", LC_ALL: "C" },
  }).output();
  assert.ok(success);
  return path;
}

Deno.test("sluice compile takes no values, no form and no programs for an open surface", async () => {
  const values = await refused(["upgrade", "--output", "made", "--param", "root=/opt/atp"]);
  assert.equal(values.code, 64);
  assert.match(values.stderr, /help: .*; sluice install upgrade --params FILE, .* --pipeline/);
  for (const more of [["--binary"], ["--program", "ln=/bin/ln"]]) {
    const other = await refused(["upgrade", "--output", "made", ...more]);
    assert.equal(other.code, 64);
    assert.match(other.stderr, /is for fixed surfaces, and upgrade is open/);
  }
  const unknown = await refused(["aplliance-watch", "--output", "made"]);
  assert.equal(unknown.code, 64);
  assert.match(unknown.stderr, /did you mean "appliance-watch"/);
  assert.equal((await refused(["appliance-watch"])).code, 64);
});

Deno.test("sluice compile refuses a folder that it did not make, or cannot make", async () => {
  const foreign = await refused(["appliance-watch", "--output", "pipelines"]);
  assert.equal(foreign.code, 64);
  assert.match(foreign.stderr, /sluice compile did not make it/);
  const nowhere = await refused(["appliance-watch", "--output", "a/b/c"]);
  assert.equal(nowhere.code, 64);
  assert.match(nowhere.stderr, /a\/b does not exist/);
});

Deno.test("sluice compile makes an open surface only where the lock has it", async () => {
  const project = await copy;
  const file = "permissions.lock.json";
  const lock = JSON.parse(await project.original(file));
  delete lock.surfaces.par;
  await project.write(file, JSON.stringify(lock));
  const missing = await refused(["par", "--output", "made"]);
  await project.write(file, await project.original(file));
  assert.equal(missing.code, 7, missing.stderr);
  assert.match(missing.stderr, /permissions\.lock\.json does not have it\n.*nothing was written/);
});

Deno.test("sluice compile refuses a set that is not the locked one, wider or narrower", async () => {
  const project = await copy;
  const pipeline = "pipelines/appliance/watch.yaml";
  await project.edit(pipeline, "127.0.0.1:7443", "127.0.0.1:7999");
  const wider = await refused(["appliance-watch", "--output", "made"]);
  await project.write(pipeline, await project.original(pipeline));
  assert.equal(wider.code, 7, wider.stderr);
  assert.match(wider.stderr, /connect {2}127\.0\.0\.1:7999\n.*nothing was written/);

  const file = "permissions.lock.json";
  const lock = JSON.parse(await project.original(file));
  lock.surfaces["appliance-watch"].set.connect["127.0.0.1:7999"] = ["somebody wanted it"];
  await project.write(file, JSON.stringify(lock));
  const narrower = await refused(["appliance-watch", "--output", "made"]);
  await project.write(file, await project.original(file));
  assert.equal(narrower.code, 7, narrower.stderr);
  assert.match(narrower.stderr, /more than it needs now:\n.*127\.0\.0\.1:7999\n.*sluice lock/);
});

/** Adds a step to the pipeline, locks that, and gives what compiling it says. */
async function refusedWith(step: string) {
  const project = await copy;
  const pipeline = "pipelines/appliance/watch.yaml";
  await project.write(pipeline, `${await project.original(pipeline)}${step}`);
  try {
    const locked = await project.sluice(["lock"]);
    assert.equal(locked.code, 0, locked.stderr);
    return await refused(["appliance-watch", "--output", "made"]);
  } finally {
    for (const file of [pipeline, "permissions.lock.json", "deno.json"]) {
      await project.write(file, await project.original(file));
    }
  }
}

Deno.test("sluice compile refuses what only a launcher can do", async () => {
  const hook = await refusedWith(
    `  - id: P6-2
    uses: release.hook
    with: { root: /opt/atp, hooks: boxed, release: "1.0" }
`,
  );
  assert.equal(hook.code, 7, hook.stderr);
  assert.match(
    hook.stderr,
    /the launcher starts \/opt\/atp\/.*post_install\.sh for a step, and a kit/,
  );
});

Deno.test("sluice install refuses steps of others, which only a launcher starts", async () => {
  const project = await copy;
  const pipeline = "pipelines/upgrade/plan.yaml";
  await project.write("pipelines/upgrade/mine.ts", foreignFile({ run: "return {};" }));
  await project.edit(pipeline, "steps:\n", "steps:\n  - { id: mine, uses: ./mine.ts }\n");
  const { code, stderr } = await project.sluice([
    ...["install", "upgrade", "--pipeline", pipeline, "--root", "made"],
    ...["--param", "bundle=/var/lib/a.tar.zst"],
  ]);
  await project.write(pipeline, await project.original(pipeline));
  assert.equal(code, 7, stderr);
  assert.match(stderr, /steps of others need the launcher.*: mine \(\.\/mine\.ts\)/);
  assert.ok(!(await names(project)).includes("made"));
});

Deno.test("sluice compile --binary refuses a DENORT_BIN that is no denort, and leaves nothing", async () => {
  const { folder } = await copy;
  await Deno.writeTextFile(`${folder}/pipelines/text`, "#!/bin/sh\n", { mode: 0o755 });
  const disguised = await makeProgram(
    "disguised",
    Deno.execPath(),
    "s/Read-Eval-Print Loop/Xead-Xval-Xrint Xoop/g",
  );
  const programs: readonly (readonly [denort: string, message: RegExp])[] = [
    [Deno.execPath(), /which is deno itself/],
    [await makeProgram("plain", "/usr/bin/true", "s/^$//"), /it does not answer as a runner does/],
    // Were it taken, the file would ignore our program and run whatever it is given.
    [disguised, /it does not answer as a runner does/],
    ["/usr/bin/true", /which is no denort/],
    [`${folder}/pipelines/text`, /which is no program of Linux/],
    [`${folder}/pipelines/none`, /which does not exist/],
    [`${folder}/pipelines`, /which is no file/],
  ];
  for (const [denort, message] of programs) {
    const args = ["appliance-watch", "--output", "made", "--binary"];
    const { code, stderr } = await refused(args, { DENORT_BIN: denort });
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
  }
});

Deno.test("sluice compile --binary says what it lacks where it can fetch no denort", async () => {
  const args = ["appliance-watch", "--output", "made", "--binary"];
  // Nobody listens there.
  const { code, stderr } = await refused(args, { HTTPS_PROXY: "http://127.0.0.1:9" });
  assert.equal(code, 4, stderr);
  assert.match(
    stderr,
    /needs its runtime, denort, and could not fetch it\n {2}help: set DENORT_BIN/,
  );
});
