// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>
import assert from "node:assert/strict";
import { copyProject } from "./copy_project.ts";
import { type Ended, sluice } from "./start_sluice.ts";
import { writeKey } from "./write_key.ts";

/** An installation of its own, whose code, lock and surfaces can be changed, with keys beside it. */
async function installation() {
  const { folder: project } = await copyProject();
  const cwd = await Deno.realPath(await Deno.makeTempDir());
  await writeKey(`${cwd}/own.key`, `${cwd}/own.pub`);
  return { project, cwd, run: (...args: string[]) => sluice(args, { cwd, project }) };
}

function succeeded({ code, stderr }: Ended): void {
  assert.equal(code, 0, stderr);
}

function refused({ code, stderr }: Ended, message: RegExp): void {
  assert.equal(code, 6, stderr);
  assert.match(stderr, message);
}

const key = ["--key", "file:own.key"];
const required = ["--require-signature", "own.pub"];
const surface = ["plan", "--surface", "appliance-upgrade", ...required];

/** Changes a file of the installation, tells what becomes of it, and puts it back. */
async function changed(path: string, from: string, to: string, look: () => Promise<Ended>) {
  const before = await Deno.readTextFile(path);
  assert.ok(before.includes(from), path);
  await Deno.writeTextFile(path, before.replace(from, to));
  const ended = await look();
  await Deno.writeTextFile(path, before);
  return ended;
}

Deno.test("a surface is signed with its pipelines, its values, its lock and the code that runs it", async () => {
  const { project, run } = await installation();
  const all = await run("sign", "upgrade", ...key);
  succeeded(all);
  assert.equal(all.stderr.match(/^signed /gm)!.length, 4, all.stderr);
  succeeded(await run("sign", "appliance-upgrade", ...key));
  succeeded(await run(...surface));

  // Of an open surface, each of its pipelines has to be signed.
  refused(
    await run("compile", "par", "--output", "par", ...required),
    /boot\.yaml: it is not signed/,
  );

  const plan = () => run(...surface);
  // A fixed surface has its values in surfaces.yaml.
  refused(
    await changed(`${project}/pipelines/surfaces.yaml`, "incoming/release", "incoming/other", plan),
    /the text \.\.\/surfaces\.yaml\n {4}signed/,
  );
  const lock = `${project}/permissions.lock.json`;
  refused(
    await changed(lock, "Install the release that waits", "Install what waits", plan),
    /the entry of the lock surfaces\.appliance-upgrade/,
  );
  refused(
    await changed(lock, '"appliance-upgrade": {', '"appliance-upgrade": {\n"note": "x",', plan),
    /the key "note" is here twice/,
  );
  // A new version of a step, and of what a step rests on.
  for (const file of ["steps/release/switch.ts", "engine/execute/exec.ts"]) {
    const ended = await changed(`${project}/${file}`, "import", "// new\nimport", plan);
    refused(ended, new RegExp(`the code in ${file.replace(/\/[^/]*$/, "")}\n {4}signed`));
  }
  refused(
    await changed(`${project}/deno.lock`, '"version"', '"more": {}, "version"', plan),
    /the code in deno\.lock/,
  );
  // A library of another version, or from elsewhere.
  refused(
    await changed(`${project}/deno.json`, '"imports": {', '"imports": {"z": "./z.ts",', plan),
    /the code in deno\.json/,
  );
  // What nobody runs may change.
  succeeded(await changed(`${project}/deno.json`, '"tasks": {', '"tasks": {"z": "true",', plan));
  succeeded(await plan());
});

Deno.test("a pipeline of an open surface runs under its signature, and not one beside it", async () => {
  const { project, run } = await installation();
  succeeded(await run("sign", `${project}/pipelines/upgrade/apply.yaml`, ...key));
  const args = (file: string) => [
    ...["plan", `${project}/pipelines/upgrade/${file}`, "--surface", "upgrade", ...required],
    ...["--param", "bundle=/var/lib/a.tar.zst"],
  ];
  const planned = await run(...args("apply.yaml"));
  succeeded(planned);
  assert.match(planned.stdout, /the ceiling of the surface upgrade covers it/);
  refused(await run(...args("rollback.yaml")), /it is not signed/);
  // The name is signed, too.
  const folder = `${project}/pipelines/upgrade`;
  await Deno.copyFile(`${folder}/apply.yaml.sig.json`, `${folder}/rollback.yaml.sig.json`);
  refused(await run(...args("rollback.yaml")), /its signature is that of apply\.yaml/);
});

Deno.test("a kit is made of what was signed, and of nothing else", async () => {
  const { project, cwd, run } = await installation();
  const compile = () => run("compile", "appliance-watch", "--output", "kit", ...required);
  const install = (pipeline: string) =>
    run(
      ...["install", "upgrade", "--pipeline", `${project}/pipelines/upgrade/${pipeline}`],
      ...["--param", "bundle=/var/lib/a.tar.zst", "--root", "image", ...required],
    );
  refused(await compile(), /it is not signed/);
  refused(await install("apply.yaml"), /it is not signed/);
  await assert.rejects(Deno.stat(`${cwd}/kit`), Deno.errors.NotFound);
  await assert.rejects(Deno.stat(`${cwd}/image`), Deno.errors.NotFound);
  succeeded(await run("sign", "appliance-watch", ...key));
  succeeded(await run("sign", `${project}/pipelines/upgrade/apply.yaml`, ...key));
  succeeded(await compile());
  succeeded(await install("apply.yaml"));
  refused(await install("rollback.yaml"), /it is not signed/);
  const pipeline = `${project}/pipelines/appliance/watch.yaml`;
  refused(await changed(pipeline, "7443", "7444", compile), /signed/);
  // An open surface has no pipeline of its own.
  refused(await run("install", "upgrade", ...required), /none was verified/);
});
