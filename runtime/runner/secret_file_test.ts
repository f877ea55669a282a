// flags: --allow-read=<tmp> --allow-write=<tmp>
import assert from "node:assert/strict";
import { InvalidInputError } from "../../engine/errors.ts";
import { readSecretFile } from "./secret_file.ts";

Deno.test("readSecretFile() reads text, and refuses what is none or has no end", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/key`, "s3cret\n");
    await Deno.writeFile(`${folder}/binary`, new Uint8Array([0x73, 0xff]));
    await Deno.writeFile(`${folder}/large`, new Uint8Array((1 << 20) + 1));
    assert.equal(await readSecretFile(`${folder}/key`), "s3cret\n");
    const refused = async (name: string, message: RegExp) => {
      const error = await readSecretFile(`${folder}/${name}`).catch((error) => error);
      assert.ok(error instanceof InvalidInputError);
      assert.match(error.message, message);
    };
    await refused("binary", /is not UTF-8 text/);
    await refused("large", /at most 1048576 are read/);
    await refused("", /is no regular file/);
    await assert.rejects(readSecretFile(`${folder}/none`), Deno.errors.NotFound);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
