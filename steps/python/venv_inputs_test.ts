// flags: --allow-read=<project>,<tmp> --allow-write=<tmp>
import assert from "node:assert/strict";
import { InvalidInputError } from "../../engine/errors.ts";
import { readVenvInputs, type VenvInputs, venvKey } from "./venv_inputs.ts";
import type { PackageEntries, VenvParams } from "./venv_params.ts";

const signal = new AbortController().signal;

/** A package in a work folder, a wheelhouse with one wheel, and a file that stands for Python. */
async function world(late: Partial<PackageEntries> = {}) {
  const dir = await Deno.makeTempDir();
  for (const name of ["store", "wheels", "work/package/src"]) {
    await Deno.mkdir(`${dir}/${name}`, { recursive: true });
  }
  const write = (name: string, text: string) => Deno.writeTextFile(`${dir}/${name}`, text);
  await write("python", "an interpreter");
  await write("wheels/a-1-py3-none-any.whl", "a wheel");
  await write("work/package/requirements.txt", "a==1\n");
  await write("work/package/src/agent.py", "x = 1\n");
  await Deno.utime(`${dir}/python`, 1_700_000_000, 1_700_000_000);
  const input: VenvParams & PackageEntries = {
    store: `${dir}/store`,
    work: `${dir}/work`,
    python: `${dir}/python`,
    uv: "uv",
    wheelhouse: `${dir}/wheels`,
    index_url: "",
    certificates: "",
    install_box: "boxed",
    timeout: 60_000,
    keep: 3,
    package: `${dir}/work/package`,
    install: "requirements",
    dependencies: [],
    requires_python: "",
    ...late,
  };
  const key = async () => venvKey(await readVenvInputs(input, signal));
  return { dir, input, write, key };
}

Deno.test("venvKey() is the same for the same, wherever it lies", async () => {
  assert.equal(await (await world()).key(), await (await world()).key());
});

const changes: Readonly<Record<string, (dir: string) => Promise<void>>> = {
  "the interpreter": (dir) => Deno.writeTextFile(`${dir}/python`, "another interpreter"),
  "the time of the interpreter": (dir) => Deno.utime(`${dir}/python`, 1_700_000_001, 1_700_000_001),
  "a requirement": (dir) => Deno.writeTextFile(`${dir}/work/package/requirements.txt`, "a==2\n"),
  "a wheel": (dir) => Deno.writeTextFile(`${dir}/wheels/a-1-py3-none-any.whl`, "another"),
  "another wheel": (dir) => Deno.writeTextFile(`${dir}/wheels/b-1-py3-none-any.whl`, "a wheel"),
};
for (const [what, change] of Object.entries(changes)) {
  Deno.test(`venvKey() is another with ${what} changed`, async () => {
    const { dir, key } = await world();
    const before = await key();
    await change(dir);
    assert.notEqual(await key(), before);
  });
}

Deno.test("venvKey() is another with other dependencies or versions of Python", async () => {
  const one = await (await world()).key();
  assert.notEqual(await (await world({ dependencies: ["b"] })).key(), one);
  assert.notEqual(await (await world({ requires_python: ">=3" })).key(), one);
  assert.notEqual(await (await world({ install: "none" })).key(), one);
});

Deno.test("venvKey() counts the package's code only where that is installed", async () => {
  const edited = async (late: Partial<PackageEntries>, requirements = "a==1\n") => {
    const { write, key } = await world(late);
    await write("work/package/requirements.txt", requirements);
    const before = await key();
    await write("work/package/src/agent.py", "x = 2\n");
    return await key() !== before;
  };
  assert.equal(await edited({ install: "project" }), true);
  assert.equal(await edited({ install: "requirements" }), false);
  assert.equal(await edited({ install: "requirements" }, "./src\n"), true);
  assert.equal(await edited({ install: "none", dependencies: ["src/x-1-py3-none-any.whl"] }), true);
});

Deno.test("venvKey() counts an executable bit of the package", async () => {
  const { dir, key } = await world({ install: "project" });
  const before = await key();
  await Deno.chmod(`${dir}/work/package/src/agent.py`, 0o755);
  assert.notEqual(await key(), before);
});

Deno.test("readVenvInputs() takes what the active environment knows of a file that did not change", async () => {
  const { dir, input } = await world();
  const first = await readVenvInputs(input, signal);
  const known = <T extends { sha256: string }>(of: T) => ({ ...of, sha256: "known" });
  const key = "0".repeat(64);
  await Deno.mkdir(`${dir}/store/${key}`);
  await Deno.writeTextFile(
    `${dir}/store/${key}/sluice.json`,
    JSON.stringify({
      schemaVersion: 1,
      key,
      tool: "uv",
      python: "3.11.2",
      distributions: [],
      interpreter: known(first.interpreter),
      wheels: first.wheels!.map(known),
    }),
  );
  await activate(dir, key);
  const digests = ({ interpreter, wheels }: VenvInputs) =>
    [interpreter, ...wheels!].map((one) => one.sha256);
  assert.deepEqual(digests(await readVenvInputs(input, signal)), ["known", "known"]);
  await Deno.writeTextFile(`${dir}/wheels/a-1-py3-none-any.whl`, "longer than before");
  const [interpreter, wheel] = digests(await readVenvInputs(input, signal));
  assert.equal(interpreter, "known");
  assert.match(wheel!, /^[0-9a-f]{64}$/);
});

Deno.test("readVenvInputs() refuses dependencies that are options or several lines", async () => {
  for (const line of ["--index-url=https://h", "-e .", "a\n-r b", "", " a"]) {
    const { input } = await world({ dependencies: [line] });
    await assert.rejects(readVenvInputs(input, signal), InvalidInputError, line);
  }
});

Deno.test("readVenvInputs() names the wheelhouse and the interpreter that are not there", async () => {
  const { input } = await world();
  const message = (change: Partial<VenvParams>, words: RegExp) =>
    assert.rejects(readVenvInputs({ ...input, ...change }, signal), words);
  await message({ wheelhouse: `${input.work}/none` }, /there is no wheelhouse .*\/none/);
  await message({ python: `${input.work}/python9` }, /there is no Python at .*\/python9/);
});

/** Tests may start `ln`; a link needs more rights than they have. */
async function activate(dir: string, key: string): Promise<void> {
  await new Deno.Command("/usr/bin/ln", { args: ["-s", key, `${dir}/store/active`] }).output();
}
