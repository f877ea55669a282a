// flags: --allow-read=<tmp> --allow-write=<tmp>
import assert from "node:assert/strict";
import { InvalidInputError } from "../../../engine/errors.ts";
import { withFolder } from "../../cli/with_folder.ts";
import { judgeDenort } from "./judge_denort.ts";

const denortSays = "\0Could not find standalone binary section.\0";

Deno.test("judgeDenort() refuses what is no denort, and says what it is", async () => {
  await withFolder(async (folder) => {
    const refuses = async (content: string, mode: number, message: RegExp) => {
      const path = `${folder}/candidate`;
      await Deno.writeTextFile(path, content);
      await Deno.chmod(path, mode);
      assert.throws(
        () => judgeDenort(path),
        (error) => error instanceof InvalidInputError && message.test(error.message),
      );
    };
    await refuses(`\x7fELF${denortSays}`, 0o644, /may not be executed/);
    await refuses("just a text\n", 0o755, /no program of Linux/);
    await refuses("\x7fELF some program", 0o755, /is no denort/);
    await refuses(`\x7fELF${denortSays}Read-Eval-Print Loop`, 0o755, /is deno itself/);
    assert.throws(() => judgeDenort(folder), /is no file/);
    assert.throws(() => judgeDenort(`${folder}/none`), /does not exist/);
    await Deno.writeTextFile(`${folder}/denort`, `\x7fELF\0\0${denortSays}`);
    await Deno.chmod(`${folder}/denort`, 0o755);
    judgeDenort(`${folder}/denort`);
  });
});
