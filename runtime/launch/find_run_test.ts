// flags: --allow-read --allow-write=<tmp>
import assert from "node:assert/strict";
import { InvalidInputError } from "../../engine/errors.ts";
import { findRun, runIds } from "./find_run.ts";

async function withRuns(ids: readonly string[], test: (runs: string) => Promise<void>) {
  const runs = await Deno.makeTempDir();
  try {
    for (const id of ids) await Deno.mkdir(`${runs}/${id}`);
    await Deno.writeTextFile(`${runs}/note.txt`, "no run");
    await test(runs);
  } finally {
    await Deno.remove(runs, { recursive: true });
  }
}

const ids = ["20251121-103000-3f9a", "20251121-113000-aaaa", "20251122-103000-aaab"];

Deno.test("findRun() finds a run by its id or by a part that only it has", async () => {
  await withRuns(ids, async (runs) => {
    for (const text of [ids[0]!, "3f9a", "1121-10"]) {
      assert.deepEqual(await findRun(runs, text), { id: ids[0], folder: `${runs}/${ids[0]}` });
    }
  });
});

Deno.test("findRun() refuses a part that several runs have, and one that none has", async () => {
  await withRuns(ids, async (runs) => {
    await assert.rejects(findRun(runs, "aaa"), (error: InvalidInputError) => {
      assert.match(error.message, /^2 runs/);
      assert.match(error.hint!, /20251121-113000-aaaa, 20251122-103000-aaab/);
      return true;
    });
    for (const text of ["", "zzz", "../etc", "note"]) {
      await assert.rejects(findRun(runs, text), InvalidInputError, text);
    }
  });
});

Deno.test("runIds() has none where the folder does not exist", async () => {
  await withRuns([], async (runs) => {
    assert.deepEqual(await runIds(`${runs}/missing`), []);
    await assert.rejects(runIds(`${runs}/note.txt`), InvalidInputError);
  });
});
