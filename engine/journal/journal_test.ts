// flags: --allow-read=<project>,<tmp> --allow-write=<tmp>
import assert from "node:assert/strict";
import { BusyError } from "../errors.ts";
import { openJournal } from "./journal.ts";

const clock = { now: () => new Date("2026-01-02T03:04:05.006Z") };

Deno.test("openJournal() makes none where a run is gone on with", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/journal.jsonl`;
  const open = () => openJournal(path, { clock: { now: () => new Date(0) }, make: false });
  await assert.rejects(open, /is missing, and with it what was done/);
  await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
  await Deno.writeTextFile(path, "");
  await (await open()).close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("openJournal() goes on from none that was given up", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/journal.jsonl`;
  const journal = await openJournal(path, { clock });
  await journal.append({ type: "run.resumed", code: "c1" }, { sync: true });
  await journal.giveUp();
  await journal.close();
  await assert.rejects(
    openJournal(path, { clock, make: false }),
    /could not tell all that was done and undone: .*journal\.jsonl\.incomplete/,
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("openJournal() keeps the lines of a run, with their time, for one process at a time", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/journal.jsonl`;
    const journal = await openJournal(path, { clock });
    assert.deepEqual(journal.entries, []);
    // The first need not be synced, but comes first.
    await Promise.all([
      journal.append({ type: "run.resumed", code: "c1" }, { sync: false }),
      journal.append({ type: "committed", step: "P5-4" }, { sync: true }),
    ]);
    await assert.rejects(openJournal(path, { clock }), BusyError);
    await journal.close();

    const text = await Deno.readTextFile(path);
    assert.match(
      text,
      /^\{"seq":1,"prev":"","time":"2026-01-02T03:04:05\.006Z","type":"run\.resumed"/,
    );
    await Deno.writeTextFile(path, '{"seq":3,"pre', { append: true });
    const again = await openJournal(path, { clock });
    assert.equal(again.repaired, true);
    assert.deepEqual(again.entries.map(({ seq, type }) => [seq, type]), [
      [1, "run.resumed"],
      [2, "committed"],
    ]);
    await again.close();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
