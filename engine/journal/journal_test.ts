// flags: --allow-read=<project>,<tmp> --allow-write=<tmp>
import assert from "node:assert/strict";
import { BusyError, FailedError } from "../errors.ts";
import { type Journal, openJournal } from "./journal.ts";
import { verifyChain } from "./verify_chain.ts";

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

const continuation = {
  type: "journal.continued",
  v: 1,
  run: "r1",
  pipeline: "watch",
  plan: "p1",
  permissions: "s1",
  code: "c1",
  token: 4,
  cycle: 2,
} as const;

/** A journal that is long from its first line on, with a clock that is a second later each time. */
async function longJournal(path: string): Promise<Journal> {
  let seconds = 0;
  const now = () => new Date(Date.UTC(2026, 0, 2, 3, 4, seconds++));
  return await openJournal(path, { clock: { now }, long: 1 });
}

Deno.test("turn() goes on in a new file, which names the last line of the one before", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/journal.jsonl`;
  const journal = await longJournal(path);
  await journal.append({ type: "committed", step: "A" }, { sync: false });
  await journal.append({ type: "cycle.finished", cycle: 2, outcome: "done", exit: 0 }, {
    sync: true,
  });
  await journal.turn(continuation);
  await journal.append({ type: "cycle.started", cycle: 3 }, { sync: false });

  const before = verifyChain(await Deno.readFile(`${folder}/journal.1.jsonl`));
  assert.equal(before.ok && before.lines, 2);
  const now = verifyChain(await Deno.readFile(path));
  assert.equal(now.ok && now.lines, 2);
  await assert.rejects(openJournal(path, { clock }), BusyError);
  await journal.close();
  const again = await openJournal(path, { clock });
  const [first] = again.entries;
  assert.ok(first?.type === "journal.continued");
  assert.equal(first.started, "2026-01-02T03:04:00.000Z");
  assert.equal(first.worked_s, 2);
  assert.deepEqual(first.before, {
    file: "journal.1.jsonl",
    head: before.ok ? before.head : "",
  });
  assert.deepEqual(again.entries.map(({ seq, type }) => [seq, type]), [
    [1, "journal.continued"],
    [2, "cycle.started"],
  ]);
  await again.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("turn() leaves a journal that is not long as it is", async () => {
  const folder = await Deno.makeTempDir();
  const journal = await openJournal(`${folder}/journal.jsonl`, { clock });
  await journal.append({ type: "committed", step: "A" }, { sync: false });
  await journal.turn(continuation);
  await journal.close();
  assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["journal.jsonl"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("turn() keeps the newest nine of the files before, over processes of the run", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/journal.jsonl`;
  for (let process = 1; process <= 3; process++) {
    const journal = await longJournal(path);
    for (let turn = 1; turn <= 4; turn++) {
      await journal.append({ type: "committed", step: "A" }, { sync: false });
      await journal.turn(continuation);
    }
    await journal.close();
  }
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  const kept = [4, 5, 6, 7, 8, 9, 10, 11, 12].map((part) => `journal.${part}.jsonl`);
  assert.deepEqual(names, [...kept, "journal.jsonl"].sort());
  await Deno.remove(folder, { recursive: true });
});

Deno.test("turn() leaves the file as it is where a new one cannot be made, and it goes on", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/journal.jsonl`;
  const journal = await longJournal(path);
  await journal.append({ type: "committed", step: "A" }, { sync: false });
  await Deno.mkdir(`${folder}/journal.1.jsonl/of_others`, { recursive: true });
  await assert.rejects(journal.turn(continuation), (error) => {
    assert.ok(error instanceof FailedError);
    assert.match(error.message, /journal\.jsonl could not be begun anew: Directory not empty/);
    return true;
  });
  // It is as long again before the next try.
  await journal.turn(continuation);
  await journal.append({ type: "committed", step: "B" }, { sync: true });
  await journal.close();
  const verdict = verifyChain(await Deno.readFile(path));
  assert.equal(verdict.ok && verdict.lines, 2);
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  assert.deepEqual(names, ["journal.1.jsonl", "journal.jsonl"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("turn() leaves no moment in which the run looks as if nobody had it", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/journal.jsonl`;
  const journal = await longJournal(path);
  await journal.append({ type: "committed", step: "A" }, { sync: false });
  using opened = await Deno.open(path);
  await journal.turn(continuation);
  assert.equal(await opened.tryLock(false), false);
  await journal.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("turn() writes into no file of others that lies under the name of what it keeps", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/others`, "kept");
  await Deno.link(`${folder}/others`, `${folder}/journal.1.jsonl`);
  const journal = await longJournal(`${folder}/journal.jsonl`);
  await journal.append({ type: "committed", step: "A" }, { sync: false });
  await journal.turn(continuation);
  await journal.close();
  assert.equal(await Deno.readTextFile(`${folder}/others`), "kept");
  assert.ok(verifyChain(await Deno.readFile(`${folder}/journal.1.jsonl`)).ok);
  await Deno.remove(folder, { recursive: true });
});
