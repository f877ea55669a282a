// flags: --allow-read=<project>,<tmp> --allow-write=<tmp>
import assert from "node:assert/strict";
import { FailedError } from "../../engine/errors.ts";
import { readRequirementFiles } from "./requirement_files.ts";

async function read(files: Readonly<Record<string, string>>) {
  const folder = await Deno.makeTempDir();
  for (const [name, text] of Object.entries(files)) {
    await Deno.mkdir(`${folder}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
  return await readRequirementFiles(folder);
}

const refused = (text: string, message: RegExp) =>
  assert.rejects(read({ "requirements.txt": text }), (error) => {
    assert.ok(error instanceof FailedError);
    assert.match(error.message, message);
    return true;
  });

Deno.test("readRequirementFiles() follows what is included, once each", async () => {
  const { files, local } = await read({
    "requirements.txt": "# ours\nidna>=3  # why\n-r reqs/more.txt\n--constraint=reqs/pins.txt\n",
    "reqs/more.txt": "-c pins.txt\n-r ../requirements.txt\nclick\n",
    "reqs/pins.txt": "click==8.5.1\n",
  });
  assert.deepEqual(files.map(({ path }) => path), [
    "reqs/more.txt",
    "reqs/pins.txt",
    "requirements.txt",
  ]);
  assert.equal(local, false);
});

Deno.test("readRequirementFiles() gives another digest when an included file changes", async () => {
  const of = async (pin: string) =>
    (await read({ "requirements.txt": "-c pins.txt\nclick\n", "pins.txt": pin })).files;
  assert.notDeepEqual(await of("click==8.5.1"), await of("click==8.5.0"));
});

Deno.test("readRequirementFiles() sees what names files of the package", async () => {
  const isLocal = async (line: string) => (await read({ "requirements.txt": line })).local;
  for (
    const line of [
      "./vendor/x",
      "vendor/x.whl",
      "x-1.0-py3-none-any.whl",
      "x @ file:vendor/x.whl",
      "x[a] @ file:///opt/x",
      ".",
      "../x",
      "--find-links wheels",
      "-f wheels",
      "--find-links=./wheels",
      "--extra-index-url ../simple",
      "x-1.0-py3-none-any.whl ; python_version > '3'",
      "x-1.0-py3-none-any.whl[more]",
      "x-1.0.tar.bz2",
      "x-1.0.txz",
      "x @ vendor/x.whl",
    ]
  ) assert.equal(await isLocal(line), true, line);
  for (
    const line of [
      "idna",
      "uvicorn[standard]>=0.2,<1 ; python_version >= '3.8'",
      "x==1 --hash=sha256:00",
      "x @ https://example.org/x.whl",
      "git+https://example.org/x.git",
      "--pre",
      "--find-links https://example.org/wheels",
      "-f https://example.org/wheels",
      "--index-url=https://example.org/simple",
      "--only-binary :all:",
      "x.y ~= 1.0 ; python_version > '3' and platform_system != 'a/b'",
      "x (>=1)",
    ]
  ) assert.equal(await isLocal(line), false, line);
});

Deno.test("readRequirementFiles() reads a megabyte of blanks at once", async () => {
  // Patterns that looked at a run of them again and again took minutes, and blocked all else.
  for (const blank of [" ", "\t", "\u00a0"]) {
    const blanks = blank.repeat(2 ** 20 / new TextEncoder().encode(blank).length - 10);
    for (const line of [`click${blanks}x`, `x @${blanks}-a`, `-f${blanks}x`]) {
      assert.equal((await read({ "requirements.txt": line })).local, true);
    }
  }
});

Deno.test("readRequirementFiles() refuses what is outside of the package, with the place", async () => {
  await refused("idna\n-r ../other.txt\n", /^requirements\.txt:2: includes \.\.\/other\.txt/);
  await refused("-r /etc/passwd\n", /^requirements\.txt:1: includes \/etc\/passwd$/);
  await refused("a \\\n  >=1\n-rhttps://me:pw@h/x.txt\n", /^requirements\.txt:3: .*\*\*\*@h/);
  await refused("-r missing.txt\n", /^requirements\.txt:1: there is no .*missing\.txt$/);
  await refused("--editable=.\n", /^requirements\.txt:1: a kept environment/);
  await refused("# x\n-e ./x\n", /^requirements\.txt:2: a kept environment/);
});

Deno.test("readRequirementFiles() says where a requirement is too long for an installer", async () => {
  await refused(
    `idna\n${"x".repeat(2 ** 20 - 10)}`,
    /^requirements\.txt:2: a requirement of more than/,
  );
});
