// flags: --allow-read --allow-write=<tmp>
import assert from "node:assert/strict";
import { InvalidInputError } from "../../engine/errors.ts";
import { pipelineBytes, readIncluded, readText } from "./read_text.ts";

Deno.test("readText() says what is wrong with a file", async () => {
  const cwd = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${cwd}/apply.yaml`, "\uFEFFa: 1\n");
    const latin = new Uint8Array([...new TextEncoder().encode("a: é\n\nb: ü"), 0xe4, 0x0a]);
    await Deno.writeFile(`${cwd}/latin1.yaml`, latin);
    await Deno.writeFile(`${cwd}/utf16.yaml`, new Uint8Array([0xff, 0xfe, 0x61, 0, 0x0a, 0]));
    assert.equal(await readText("apply.yaml", cwd), "\uFEFFa: 1\n");
    assert.equal(await readText(`${cwd}/apply.yaml`, "/"), "\uFEFFa: 1\n");
    const fault = async (file: string) => {
      const error = await readText(file, cwd).then(() => undefined, (error) => error);
      assert.ok(error instanceof InvalidInputError, String(error));
      return [error.message, error.hint];
    };
    assert.deepEqual(await fault("aply.yaml"), [
      '"aply.yaml" does not exist',
      'did you mean "apply.yaml"?',
    ]);
    assert.deepEqual(await fault("other"), [
      '"other" does not exist',
      "it is looked for from the folder that you are in",
    ]);
    assert.deepEqual(await fault("latin1.yaml"), [
      '"latin1.yaml" is not UTF-8 text from line 3, column 5 on',
      "save it as UTF-8",
    ]);
    assert.deepEqual(await fault("utf16.yaml"), [
      '"utf16.yaml" is not UTF-8 text from line 1, column 1 on',
      "it is UTF-16: save it as UTF-8",
    ]);
    assert.deepEqual(await fault("."), ['"." is a folder, not a file', undefined]);
    await assert.rejects(readText("apply.yaml", cwd, 7), /has 8 bytes; at most 7 are read/);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});

Deno.test("readIncluded() says what is wrong with what is there", async () => {
  const cwd = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${cwd}/latin1.yaml`, new Uint8Array([0x61, 0xe9, 0x0a]));
    await Deno.writeFile(`${cwd}/large.yaml`, new Uint8Array(pipelineBytes + 1));
    const fault = (file: string) =>
      readIncluded(`${cwd}/${file}`).then(() => "", (error) => error.message);
    assert.equal(await fault("latin1.yaml"), "it is not UTF-8 text from line 1, column 2 on");
    assert.equal(await fault("large.yaml"), "it has 4194305 bytes; at most 4194304 are read");
    assert.equal(await fault(""), "it is a folder, not a file");
    await assert.rejects(readIncluded(`${cwd}/none`), Deno.errors.NotFound);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});

Deno.test({
  name: "readText() cannot be led outside what the process may read",
  permissions: { read: false },
  fn: async () => {
    await assert.rejects(readText("/etc/hostname", "/"), InvalidInputError);
  },
});
