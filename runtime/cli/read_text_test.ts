// flags: --allow-read --allow-write=<tmp>
import assert from "node:assert/strict";
import { InvalidInputError } from "../../engine/errors.ts";
import { readText } from "./read_text.ts";

Deno.test("readText() says what is wrong with a file", async () => {
  const cwd = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${cwd}/apply.yaml`, "\uFEFFa: 1\n");
    await Deno.writeFile(`${cwd}/latin1.yaml`, new Uint8Array([0x61, 0xe9, 0x0a]));
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
    assert.deepEqual(await fault("other"), ['"other" does not exist', undefined]);
    assert.deepEqual(await fault("latin1.yaml"), ['"latin1.yaml" is not UTF-8 text', undefined]);
    assert.deepEqual(await fault("."), ['"." is a folder, not a file', undefined]);
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
