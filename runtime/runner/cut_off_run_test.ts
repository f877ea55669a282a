// flags: --allow-read=<tmp> --allow-write=<tmp>
import assert from "node:assert/strict";
import { FailedError } from "../../engine/errors.ts";
import { openJournal } from "../../engine/journal/journal.ts";
import { systemClock } from "../../engine/execute/system_clock.ts";
import { withFolder } from "../cli/with_folder.ts";
import { cutOffRun } from "./cut_off_run.ts";

const start = (run: string) =>
  ({
    type: "run.started",
    v: 1,
    run,
    pipeline: "p",
    plan: "sha256:0",
    permissions: "sha256:0",
    code: "sha256:0",
  }) as const;
const done = { type: "run.finished", outcome: "done", exit: 0 } as const;
const interrupted = { type: "run.finished", outcome: "interrupted", exit: 130 } as const;

async function makeRun(
  runs: string,
  id: string,
  ended: boolean,
  end: typeof done | typeof interrupted = done,
): Promise<string> {
  await Deno.mkdir(`${runs}/${id}`, { recursive: true });
  const path = `${runs}/${id}/journal.jsonl`;
  const journal = await openJournal(path, { clock: systemClock });
  await journal.append(start(id), { sync: false });
  if (ended) await journal.append(end, { sync: false });
  await journal.close();
  return path;
}

Deno.test("cutOffRun() finds the newest run where it did not end, and no older one", async () => {
  await withFolder(async (folder) => {
    const runs = `${folder}/runs`;
    assert.equal(await cutOffRun(runs), undefined);
    await makeRun(runs, "2026-01", false);
    assert.equal(await cutOffRun(runs), "2026-01");
    await makeRun(runs, "2026-02", true);
    assert.equal(await cutOffRun(runs), undefined);
    await makeRun(runs, "2026-03", false);
    assert.equal(await cutOffRun(runs), "2026-03");
  });
});

Deno.test("cutOffRun() takes a run that was told to end for ended", async () => {
  await withFolder(async (runs) => {
    await makeRun(runs, "2026-01", false);
    await makeRun(runs, "2026-02", true, interrupted);
    assert.equal(await cutOffRun(runs), undefined);
  });
});

Deno.test("cutOffRun() passes over a run that did nothing yet", async () => {
  await withFolder(async (runs) => {
    await makeRun(runs, "2026-01", false);
    await Deno.mkdir(`${runs}/2026-02`);
    await Deno.mkdir(`${runs}/2026-03`);
    await Deno.writeTextFile(`${runs}/2026-03/journal.jsonl`, "");
    assert.equal(await cutOffRun(runs), "2026-01");
  });
});

Deno.test("cutOffRun() gives a run that is at work: going on with it is refused as busy", async () => {
  await withFolder(async (runs) => {
    const path = await makeRun(runs, "2026-01", false);
    const journal = await openJournal(path, { clock: systemClock });
    assert.equal(await cutOffRun(runs), "2026-01");
    await journal.close();
  });
});

Deno.test("cutOffRun() begins nothing new after a run whose journal was changed", async () => {
  await withFolder(async (runs) => {
    const path = await makeRun(runs, "2026-01", true);
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, text.replace('"pipeline":"p"', '"pipeline":"q"'));
    await assert.rejects(cutOffRun(runs), FailedError);
  });
});
