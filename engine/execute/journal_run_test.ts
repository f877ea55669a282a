// flags: --allow-read --allow-write=<tmp>
import assert from "node:assert/strict";
import { FailedError } from "../errors.ts";
import { type Journal, openJournal } from "../journal/journal.ts";
import { verifyChain } from "../journal/verify_chain.ts";
import type { RunJournal } from "./host.ts";
import type { RunMode } from "./mode.ts";
import { strictTestsInFolder } from "./strict_tests.ts";
import { systemClock } from "./system_clock.ts";
import { runPlan, testStep } from "./test_bed.ts";

const test = strictTestsInFolder("execute()");

/** A reversible step that makes a file, and one that fails while a file is there. */
function steps(folder: string) {
  return [
    testStep({
      name: "f.make",
      effect: "reversible",
      run: async (_, { id }) => {
        await Deno.writeTextFile(`${folder}/${id}`, id);
        return { file: `${folder}/${id}` };
      },
      undo: (_, _facts, { id }) => Deno.remove(`${folder}/${id}`).catch(() => {}),
    }),
    testStep({
      name: "f.fail",
      run: () => {
        throw new FailedError("no");
      },
    }),
  ];
}

const makes = ["A", "B", "C"].map((id) => ({ id, uses: "f.make" }));

test("goes on from a journal on disk, and leaves it whole", async (folder) => {
  const path = `${folder}/journal.jsonl`;
  const first = await openJournal(path, { clock: systemClock });
  const dead = Promise.withResolvers<void>();
  let lines = 0;
  const dying: RunJournal = {
    entries: first.entries,
    append: (record, options) => {
      if (++lines <= 4) return first.append(record, options);
      dead.resolve();
      return new Promise(() => {});
    },
    turn: () => Promise.resolve(),
    giveUp: () => first.giveUp(),
  };
  runPlan({ steps: makes }, steps(folder), { journal: dying });
  await dead.promise;
  await first.close();

  const second = await openJournal(path, { clock: systemClock });
  const mode = { kind: "resume", again: false } as const;
  const ran = await runPlan({ steps: makes }, steps(folder), { journal: second, mode });
  await second.close();
  assert.equal(ran.tokens, "B.undo+ B.undo= B+ B= C+ C=");
  assert.equal(ran.end.exit, 0);
  assert.equal(await Deno.readTextFile(`${folder}/C`), "C");
  assert.equal(verifyChain(await Deno.readFile(path)).ok, true);
});

test("goes on undoing when the journal cannot be written, and gives it up", async (folder) => {
  const path = `${folder}/journal.jsonl`;
  const journal = await openJournal(path, { clock: systemClock });
  let lines = 0;
  const full: RunJournal = {
    entries: [],
    append: (record, options) =>
      ++lines > 5 ? Promise.reject(new Error("no space")) : journal.append(record, options),
    turn: () => Promise.resolve(),
    giveUp: () => journal.giveUp(),
  };
  const parts = { steps: [...makes.slice(0, 2), { id: "D", uses: "f.fail" }] };
  const ran = await runPlan(parts, steps(folder), { journal: full });
  await journal.close();
  assert.equal(ran.tokens, "A+ A= B+ B= D+ D! B.undo+ B.undo= A.undo+ A.undo=");
  assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), [
    "journal.jsonl.incomplete",
  ]);
  assert.match(ran.end.failure!.error.message, /journal of the run cannot be written: no space/);
  const notes = ran.events.flatMap((event) => event.type === "note" ? event.text : []);
  assert.equal(notes.length, 1);
  assert.match(notes[0]!, /: no space; the run cannot be gone on with: look at /);
});

test("does not begin a step that it cannot journal", async (folder) => {
  let lines = 0;
  const full: RunJournal = {
    entries: [],
    append: () => ++lines > 1 ? Promise.reject(new Error("no space")) : Promise.resolve(),
    turn: () => Promise.resolve(),
    giveUp: () => Promise.resolve(),
  };
  const ran = await runPlan({ steps: makes }, steps(folder), { journal: full });
  assert.equal(ran.end.exit, 4);
  assert.deepEqual([...Deno.readDirSync(folder)], []);
  const numbers = ran.events.flatMap((event) => "token" in event ? event.token : []);
  assert.deepEqual(numbers, [1, 2]);
});

test("repeats with a journal that stays short, and goes on from it after a crash", async (folder) => {
  const path = `${folder}/journal.jsonl`;
  const open = () => openJournal(path, { clock: systemClock, long: 1500 });
  const parts = { every: { period_ms: 1, jitter: 0 }, steps: [{ id: "A", uses: "f.make" }] };
  /** Repeats as often, then loses its process in the middle of one: it only looks that way. */
  const repeat = async (journal: Journal, mode: RunMode, times: number) => {
    const abort = new AbortController();
    const ran = await runPlan(parts, steps(folder), {
      journal,
      mode,
      signal: abort.signal,
      onEvent(event) {
        if (event.type === "cycle.finished" && --times === 0) abort.abort();
      },
    });
    await journal.close();
    return ran;
  };
  await repeat(await open(), { kind: "run" }, 30);
  const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
  assert.ok(lines.length < 12, `${lines.length} lines`);
  assert.ok((await Deno.stat(path)).size < 3000);
  // What is left of it when the machine loses its power before the end is told.
  await Deno.writeTextFile(path, lines.slice(0, -1).map((line) => `${line}\n`).join(""));

  const ran = await repeat(await open(), { kind: "resume", again: false }, 10);
  const cycles = ran.events.flatMap((each) => each.type === "cycle.finished" ? [each.cycle] : []);
  assert.deepEqual(cycles, [31, 32, 33, 34, 35, 36, 37, 38, 39, 40]);
  const tokens = ran.events.flatMap((event) => "token" in event ? [event.token] : []);
  assert.equal(tokens[0], 61);
  assert.equal(ran.end.exit, 0);
  assert.equal(verifyChain(await Deno.readFile(path)).ok, true);
});
