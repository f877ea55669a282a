// flags: --allow-read=<tmp> --allow-write=<tmp>
import assert from "node:assert/strict";
import { prune } from "./prune.ts";

async function makeRun(runs: string, id: string, ...types: string[]): Promise<void> {
  await Deno.mkdir(`${runs}/${id}/artifacts`, { recursive: true });
  const lines = types.map((type) => `${JSON.stringify({ type })}\n`);
  await Deno.writeTextFile(`${runs}/${id}/journal.jsonl`, lines.join(""));
}

Deno.test("prune() keeps the newest, the unfinished, the present, and what is no run", async () => {
  const runs = await Deno.makeTempDir();
  await makeRun(runs, "2026-01", "run.started", "run.finished");
  await makeRun(runs, "2026-02", "run.started", "step.started");
  await makeRun(runs, "2026-03", "run.started", "run.finished");
  await makeRun(runs, "2026-04", "run.started", "run.finished", "undo.started");
  await makeRun(runs, "2026-05", "run.started", "run.finished");
  await makeRun(runs, "2026-06", "run.started", "run.finished");
  await Deno.writeTextFile(`${runs}/2026-02/journal.jsonl`, '{"type":"run.fin', { append: true });
  await Deno.mkdir(`${runs}/1999-notes`);
  await Deno.writeTextFile(`${runs}/1999.txt`, "");
  // What the launcher recorded of a run goes with it.
  await Deno.writeTextFile(`${runs}/2026-01.launches.jsonl`, "");
  await Deno.writeTextFile(`${runs}/2026-05.launches.jsonl`, "");

  assert.deepEqual(await prune(runs, 2, "2026-03"), ["2026-01"]);
  const left = (await Array.fromAsync(Deno.readDir(runs))).map(({ name }) => name).sort();
  assert.deepEqual(left, [
    "1999-notes",
    "1999.txt",
    "2026-02",
    "2026-03",
    "2026-04",
    "2026-05",
    "2026-05.launches.jsonl",
    "2026-06",
  ]);
});

Deno.test("prune() removes a run of which a step left something that is closed", async () => {
  const runs = await Deno.makeTempDir();
  for (const id of ["2026-01", "2026-02"]) await makeRun(runs, id, "run.started", "run.finished");
  await Deno.mkdir(`${runs}/2026-01/artifacts/closed/within`, { recursive: true });
  await Deno.chmod(`${runs}/2026-01/artifacts/closed`, 0);
  assert.deepEqual(await prune(runs, 1), ["2026-01"]);
  assert.deepEqual(await Array.fromAsync(Deno.readDir(runs), ({ name }) => name), ["2026-02"]);
});

Deno.test("prune() counts and removes a run that was lost before it began a journal", async () => {
  const runs = await Deno.makeTempDir();
  await Deno.mkdir(`${runs}/2026-01/artifacts`, { recursive: true });
  await Deno.writeTextFile(`${runs}/2026-01.launches.jsonl`, "{}\n");
  await makeRun(runs, "2026-02", "run.started", "run.finished");
  assert.deepEqual(await prune(runs, 1), ["2026-01"]);
  assert.deepEqual(await Array.fromAsync(Deno.readDir(runs), ({ name }) => name), ["2026-02"]);
});
