import assert from "node:assert/strict";
import { derive } from "./derive.ts";
import { digestOf } from "./digest.ts";
import { permissions } from "./permissions.ts";
import { runFolderWord, withRunFolderWord } from "./run_folder.ts";

Deno.test("withRunFolderWord() gives every run of a plan the same name", () => {
  const need = permissions({ read: ["/srv", "/runs"] });
  const plan = { steps: [{ permissions: { run: need, undo: need } }], finally: [] };
  const shown = digestOf(derive(plan, { run: runFolderWord }));
  for (const folder of ["/runs/1", "/runs/2"]) {
    assert.equal(digestOf(withRunFolderWord(derive(plan, { run: folder }), folder)), shown);
  }
});
