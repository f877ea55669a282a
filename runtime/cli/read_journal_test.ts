// flags: --allow-read --allow-write=<tmp>
import assert from "node:assert/strict";
import { systemClock } from "../../engine/execute/system_clock.ts";
import { openJournal } from "../../engine/journal/journal.ts";
import { readJournal } from "./read_journal.ts";
import { withFolder } from "./with_folder.ts";

const continuation = {
  type: "journal.continued",
  v: 1,
  run: "r1",
  pipeline: "watch",
  plan: "p1",
  permissions: "s1",
  code: "c1",
  token: 0,
} as const;

/** A journal that was begun anew before each repetition but the first. */
async function write(folder: string, repetitions: number): Promise<void> {
  const journal = await openJournal(`${folder}/journal.jsonl`, { clock: systemClock, long: 1 });
  for (let cycle = 1; cycle <= repetitions; cycle++) {
    await journal.turn({ ...continuation, cycle: cycle - 1 });
    await journal.append({ type: "cycle.started", cycle }, { sync: false });
  }
  await journal.close();
}

const cycles = (entries: readonly { readonly type: string }[]) =>
  entries.flatMap((entry) => "cycle" in entry && entry.type === "cycle.started" ? entry.cycle : []);

Deno.test("readJournal() has the lines of all files that are kept, in their order", async () => {
  await withFolder(async (folder) => {
    await write(folder, 4);
    const { entries, faults } = await readJournal(folder);
    assert.deepEqual(cycles(entries), [1, 2, 3, 4]);
    assert.deepEqual(faults, []);
    await Deno.remove(`${folder}/journal.1.jsonl`);
    const less = await readJournal(folder);
    assert.deepEqual(cycles(less.entries), [2, 3, 4]);
    assert.deepEqual(less.faults, []);
  });
});

Deno.test("readJournal() finds a file in its middle that is another's, or was changed", async () => {
  await withFolder(async (folder) => {
    await write(folder, 4);
    const text = await Deno.readTextFile(`${folder}/journal.3.jsonl`);
    await Deno.copyFile(`${folder}/journal.2.jsonl`, `${folder}/journal.3.jsonl`);
    assert.deepEqual((await readJournal(folder)).faults, [
      "journal.3.jsonl: it does not end with the line that the file after it goes on from",
    ]);
    await Deno.writeTextFile(`${folder}/journal.3.jsonl`, text.replace("watch", "other"));
    assert.deepEqual((await readJournal(folder)).faults, [
      "journal.3.jsonl:1: it was changed: its hash does not match",
    ]);
  });
});
