// flags: tests/system_groups.ts
/**
 * `sluice install` and `sluice uninstall` of a surface, and an install that is killed on its way.
 *
 * @module
 */
import assert from "node:assert/strict";
import { removeTree } from "../../engine/remove_tree.ts";
import { mustRun, runProgram } from "./run_program.ts";
import { trace } from "./strace.ts";
import { makeTestProject, type TestProject } from "./test_project.ts";

let project: TestProject;
/** The folder of everything, and the machine's in it. */
let top: string;
let lib: string;
let units: string;
let runs: string;

const unit = () => `${units}/sluice-appliance.service`;

Deno.test.beforeAll(async () => {
  top = await Deno.realPath(await Deno.makeTempDir());
  lib = `${top}/machine/lib`;
  units = `${top}/machine/units`;
  runs = `${top}/machine/runs`;
  project = await makeTestProject(
    `${top}/checkout`,
    `  appliance:
    kind: open
    note: Watch and switch an appliance
    pipelines: [pipelines/watch.yaml, pipelines/switch.yaml]
    ceiling:
      read: ["\${tmp}"]
      write: ["\${tmp}"]
      connect: [127.0.0.1]
      run: [{ program: ln, args: [-s, --, releases/*, "*"] }]
  watch:
    kind: fixed
    note: Watch an appliance
    pipeline: pipelines/watch.yaml
    params: { root: /srv/appliance, url: "http://127.0.0.1:7443/" }
`,
  );
});
Deno.test.afterAll(() => removeTree(top));

async function reset(): Promise<void> {
  await removeTree(`${top}/machine`);
  for (const version of ["1.0.0", "2.0.0", "3.0.0"]) {
    await Deno.mkdir(`${top}/machine/data/releases/${version}`, { recursive: true });
  }
  await mustRun("/usr/bin/ln", ["-s", "--", "releases/1.0.0", `${top}/machine/data/current`]);
}

/** The arguments of an install of the pipeline `switch` with this release. */
async function installing(
  release: string,
  { prefix = lib, more = [] }: { readonly prefix?: string; readonly more?: readonly string[] } = {},
): Promise<readonly string[]> {
  const params = `${top}/params-${release}.yaml`;
  await Deno.writeTextFile(params, `root: ${top}/machine/data\nrelease: ${release}\n`);
  return [
    ...["install", "appliance", "--pipeline", `${project.folder}/pipelines/switch.yaml`],
    ...["--params", params, "--prefix", prefix, "--unit-dir", units, "--runs", runs],
    ...more,
  ];
}

const uninstalling = () => ["uninstall", "appliance", "--prefix", lib, "--unit-dir", units];

/** The kit that the unit names: it has to be whole, and to do what it was installed for. */
async function assertInstalled(): Promise<string> {
  const text = await Deno.readTextFile(unit());
  const kit = /(\/\S+\/lib\/appliance\/[0-9a-f]{16})\//.exec(text)?.[1];
  assert.ok(kit !== undefined, text);
  await mustRun("/usr/bin/sha256sum", ["--check", "--quiet", "SHA256SUMS"], { cwd: kit });
  const { code, stderr } = await runProgram("/bin/sh", [`${kit}/start`]);
  assert.equal(code, 0, stderr);
  return (await Deno.readLink(`${top}/machine/data/current`)).replace("releases/", "");
}

async function entries(folder: string): Promise<readonly string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

Deno.test("sluice install fixes an open surface with its values, and uninstall takes it away", async () => {
  await reset();
  const { code, stdout, stderr } = await project.sluice(await installing("2.0.0"));
  assert.equal(code, 0, stderr);
  assert.equal(stdout, "");
  assert.match(stderr, /appliance is installed, with the set sha256:/);
  assert.equal(await assertInstalled(), "2.0.0");
  const again = await project.sluice(await installing("2.0.0"));
  assert.equal(again.code, 0, again.stderr);
  const newer = await project.sluice(await installing("3.0.0"));
  assert.equal(newer.code, 0, newer.stderr);
  assert.equal(await assertInstalled(), "3.0.0");
  assert.equal((await entries(`${lib}/appliance`)).length, 1);

  const gone = await project.sluice(uninstalling());
  assert.equal(gone.code, 0, gone.stderr);
  assert.deepEqual([await entries(lib), await entries(units)], [[], []]);
  assert.equal((await entries(runs)).length, 2, "runs are kept");
  const nothing = await project.sluice(uninstalling());
  assert.equal(nothing.code, 4);
  assert.match(nothing.stderr, /nothing is installed in/);
});

Deno.test("sluice install takes a fixed surface as it is locked, and puts it below --root", async () => {
  await reset();
  const root = `${top}/machine/image`;
  const { code, stderr } = await project.sluice(["install", "watch", "--root", root]);
  assert.equal(code, 0, stderr);
  const text = await Deno.readTextFile(`${root}/etc/systemd/system/sluice-watch.service`);
  assert.match(text, /\/usr\/lib\/sluice\/watch\/[0-9a-f]{16}\//);
  assert.ok(!text.includes(top), "the folder it was put together in stands in no file");
  const [id] = await entries(`${root}/usr/lib/sluice/watch`);
  const start = await Deno.readTextFile(`${root}/usr/lib/sluice/watch/${id}/start`);
  assert.match(start, /--allow-write=\/var\/lib\/sluice\/watch,\/srv\/appliance/);
});

Deno.test("sluice install writes nothing when the ceiling does not cover what is needed", async () => {
  await reset();
  const args = [...await installing("2.0.0"), "--param", "root=/srv/elsewhere"];
  const { code, stderr } = await project.sluice(args);
  assert.equal(code, 7, stderr);
  assert.match(stderr, /write {4}\/srv\/elsewhere/);
  assert.deepEqual([await entries(lib), await entries(units)], [[], []]);
});

Deno.test("sluice install --dry-run writes nothing, and prints what it would write", async () => {
  await reset();
  const { code, stdout, stderr } = await project.sluice(
    await installing("2.0.0", { more: ["--dry-run"] }),
  );
  assert.equal(code, 0, stderr);
  assert.match(stdout, /755 {2}\S+\/start {2}\d+ bytes\n/);
  assert.match(stdout, /=== \S+\/units\/sluice-appliance\.service\n/);
  assert.match(stdout, /--allow-run=\/usr\/bin\/ln/);
  assert.deepEqual([await entries(lib), await entries(units)], [[], []]);
});

Deno.test("sluice install asks which pipeline, where there are several", async () => {
  const { code, stderr } = await project.sluice(["install", "appliance"]);
  assert.equal(code, 64);
  assert.match(stderr, /--pipeline pipelines\/watch\.yaml, --pipeline pipelines\/switch\.yaml/);
  const wrong = await project.sluice(["install", "nobody"]);
  assert.equal(wrong.code, 64);
  const relative = await project.sluice(["install", "watch", "--prefix", "lib"]);
  assert.equal(relative.code, 64);
  assert.match(relative.stderr, /--prefix is "lib", which is no absolute path/);
});

Deno.test("sluice install says so where it may not write", async () => {
  await reset();
  await Deno.mkdir(`${top}/machine/locked`);
  const args = await installing("2.0.0", { prefix: `${top}/machine/locked/lib` });
  const [program, ...words] = project.command(args);
  const { code, stderr } = await runProgram("/usr/bin/bwrap", [
    ...["--dev-bind", "/", "/", "--ro-bind", `${top}/machine/locked`, `${top}/machine/locked`],
    ...["--", program, ...words],
  ], { cwd: project.folder });
  assert.equal(code, 4, stderr);
  assert.match(stderr, /could not be written: .*\n {2}help: run it as root, or/);
});

Deno.test("sluice uninstall keeps and names what somebody changed", async () => {
  await reset();
  assert.equal((await project.sluice(await installing("2.0.0"))).code, 0);
  const [id] = await entries(`${lib}/appliance`);
  await Deno.writeTextFile(`${lib}/appliance/${id}/start`, "# mine\n", { append: true });
  const { code, stderr } = await project.sluice(uninstalling());
  assert.equal(code, 3, stderr);
  assert.match(stderr, new RegExp(`kept, .*:\n {2}${lib}/appliance/${id}/start\n`));
  assert.deepEqual(await entries(`${lib}/appliance/${id}`), ["start"]);
});

// The one call of each in which the process that writes is killed, when 3.0.0 is put over 2.0.0.
const points = [
  ["mkdir", () => `${lib}/appliance/.next`],
  ["fsync", () => `${lib}/appliance/.next/plan.json`],
  ["fsync", () => `${lib}/appliance/.next/SHA256SUMS`],
  ["rename", () => `${lib}/appliance/.next`],
  ["fsync", () => `${units}/.sluice-appliance.service.sluice-next`],
  ["rename", () => `${units}/.sluice-appliance.service.sluice-next`],
  ["fsync", () => units],
] as const;

/** What was installed by the kill before. */
let installed: string | undefined;

for (const [number, [call, path]] of points.entries()) {
  const what = `${call} (${number + 1} of ${points.length})`;
  Deno.test(`an install that is killed at its ${what} leaves the old kit or the new one`, async () => {
    if (installed === undefined) {
      await reset();
      assert.equal((await project.sluice(await installing("2.0.0"))).code, 0);
      installed = "2.0.0";
    }
    const next = installed === "2.0.0" ? "3.0.0" : "2.0.0";
    const { code, calls, stderr } = await trace(project.command(await installing(next)), {
      calls: [call],
      path: path(),
      inject: "signal=KILL",
    });
    assert.ok(calls.length > 0, `there was no ${call} of ${path()}:\n${stderr}`);
    assert.equal(code, 70, stderr);
    const isLast = number === points.length - 1; // The unit was renamed before it.
    assert.equal(await assertInstalled(), isLast ? next : installed);
    const again = await project.sluice(await installing(next));
    assert.equal(again.code, 0, again.stderr);
    assert.equal(await assertInstalled(), next);
    assert.equal((await entries(`${lib}/appliance`)).length, 1);
    assert.deepEqual(await entries(units), ["sluice-appliance.service"]);
    installed = next;
  });
}
