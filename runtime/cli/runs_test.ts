// flags: --allow-read --allow-write=<tmp>
import assert from "node:assert/strict";
import type { JournalRecord } from "../../engine/journal/entry.ts";
import { openJournal } from "../../engine/journal/journal.ts";
import type { Clock } from "../../engine/step.ts";
import { recordedPlace } from "./recorded_place.ts";
import { runs } from "./runs.ts";

const started: JournalRecord = {
  type: "run.started",
  v: 1,
  run: "r",
  pipeline: "demo",
  plan: "sha256:1",
  permissions: "sha256:2",
  code: "3",
};

/** A clock that is a second and a half later each time. */
function tickingClock(): Clock {
  let ms = Date.parse("2025-11-21T10:30:00.000Z") - 1_500;
  return {
    now: () => new Date(ms += 1_500),
    monotonic: () => ms,
    sleep: () => Promise.reject(new Error("nothing sleeps here")),
  };
}

async function write(
  folder: string,
  records: readonly JournalRecord[],
  clock = tickingClock(),
): Promise<string> {
  const path = `${folder}/journal.jsonl`;
  const journal = await openJournal(path, { clock });
  for (const record of records) await journal.append(record, { sync: false });
  await journal.close();
  return path;
}

Deno.test("runs() tells how each run stands, whatever its journal looks like", async () => {
  const cwd = await Deno.makeTempDir();
  try {
    const place = recordedPlace({ cwd });
    const folder = (id: string) => `${cwd}/.sluice/runs/${id}`;
    const error = { name: "x", message: "x", exit: 4, retryable: false } as const;
    const done = { type: "run.finished", outcome: "done", exit: 0 } as const;
    await write(folder("1-done"), [started, done]);
    await write(folder("2-undone"), [started, { ...done, outcome: "undone", exit: 5 }]);
    await write(folder("21-told"), [started, { ...done, outcome: "interrupted", exit: 130 }]);
    await write(folder("3-cut-off"), [started]);
    await write(folder("4-suspended"), [started, { type: "run.suspended", error }]);
    await write(folder("5-resumed"), [started, done, { type: "run.resumed", code: "3" }]);
    const torn = await write(folder("6-torn"), [started, done]);
    await Deno.writeTextFile(torn, '{"type":"run.fin', { append: true });
    const damaged = await write(folder("7-damaged"), [started, done]);
    await Deno.writeTextFile(
      damaged,
      (await Deno.readTextFile(damaged)).replace('"pipeline":"demo"', '"pipeline":"evil"'),
    );
    await Deno.mkdir(folder("8-empty"));
    await Deno.mkdir(folder("81-folder/journal.jsonl"), { recursive: true });
    await Deno.mkdir(folder("82-put-aside"));
    await Deno.writeTextFile(`${folder("82-put-aside")}/journal.jsonl.incomplete`, "");
    const running = await openJournal(`${folder("9-running")}/journal.jsonl`, {
      clock: tickingClock(),
    });
    await running.append(started, { sync: false });

    assert.equal(
      await runs({ command: "runs", runs: "", format: "table", debug: false }, place),
      0,
    );
    await running.close();
    assert.equal(
      place.said.out,
      `RUN           PIPELINE  OUTCOME      STARTED               DURATION  NEXT
1-done        demo      done         2025-11-21T10:30:00Z  1.5s
2-undone      demo      undone       2025-11-21T10:30:00Z  1.5s
21-told       demo      interrupted  2025-11-21T10:30:00Z  1.5s
3-cut-off     demo      cut-off      2025-11-21T10:30:00Z  0.0s      resume
4-suspended   demo      suspended    2025-11-21T10:30:00Z  1.5s      resume
5-resumed     demo      cut-off      2025-11-21T10:30:00Z  1.5s      resume
6-torn        demo      done         2025-11-21T10:30:00Z  1.5s
7-damaged     evil      damaged      2025-11-21T10:30:00Z  1.5s
8-empty                 empty
81-folder               damaged
82-put-aside            incomplete
9-running     demo      running      2025-11-21T10:30:00Z  0.0s
`,
    );
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});

Deno.test("runs() lists nothing where there were none", async () => {
  const cwd = await Deno.makeTempDir();
  try {
    const place = recordedPlace({ cwd });
    await runs({ command: "runs", runs: "", format: "json", debug: false }, place);
    assert.deepEqual(JSON.parse(place.said.out), { schemaVersion: 1, runs: [] });
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});

Deno.test("runs() has the runs of one second in the order in which they were begun", async () => {
  const cwd = await Deno.makeTempDir();
  const at = (ms: number) => ({ ...tickingClock(), now: () => new Date(ms) });
  const second = Date.parse("2025-11-21T10:30:00.000Z");
  for (
    const [id, ms] of [["103000-ffff", 100], ["103000-0000", 200], ["103001-1111", 1000]] as const
  ) {
    await write(`${cwd}/.sluice/runs/20251121-${id}`, [started], at(second + ms));
  }
  const place = recordedPlace({ cwd });
  await runs({ command: "runs", runs: "", format: "json", debug: false }, place);
  const { runs: rows } = JSON.parse(place.said.out);
  assert.deepEqual(rows.map(({ id }: { id: string }) => id), [
    "20251121-103000-ffff",
    "20251121-103000-0000",
    "20251121-103001-1111",
  ]);
  await Deno.remove(cwd, { recursive: true });
});

Deno.test("runs() has a run that goes on take until now, whenever it last said something", async () => {
  const cwd = await Deno.makeTempDir();
  const place = recordedPlace({ cwd });
  const began = new Date(place.port.clock.now().getTime() - 90_000);
  const folder = `${cwd}/.sluice/runs/20251121-102830-0000`;
  const clock = { ...tickingClock(), now: () => began };
  const journal = await openJournal(`${folder}/journal.jsonl`, { clock });
  await journal.append(started, { sync: false });
  await runs({ command: "runs", runs: "", format: "json", debug: false }, place);
  await journal.close();
  const [row] = JSON.parse(place.said.out).runs;
  assert.deepEqual([row.outcome, row.duration_s], ["running", 90]);
  await Deno.remove(cwd, { recursive: true });
});

Deno.test("runs() counts the time at work: not that between a run and its undo a week later", async () => {
  const cwd = await Deno.makeTempDir();
  const path = `${cwd}/.sluice/runs/20251121-103000-0000/journal.jsonl`;
  const error = { name: "x", message: "x", exit: 4, retryable: false } as const;
  const lines: readonly (readonly [string, JournalRecord])[] = [
    ["21T10:30:00", started],
    ["21T10:30:02", { type: "run.suspended", error }],
    ["21T18:00:00", {
      type: "step.marked-done",
      step: "A",
      reason: "seen",
      actor: "ada",
      facts: {},
    }],
    ["28T10:30:00", { type: "run.resumed", code: "3" }],
    ["28T10:30:01", { type: "run.finished", outcome: "undone", exit: 0 }],
  ];
  let time = "";
  const clock = { ...tickingClock(), now: () => new Date(`2025-11-${time}Z`) };
  const journal = await openJournal(path, { clock });
  for (const [at, record] of lines) {
    time = at;
    await journal.append(record, { sync: false });
  }
  await journal.close();
  const place = recordedPlace({ cwd });
  await runs({ command: "runs", runs: "", format: "json", debug: false }, place);
  const [row] = JSON.parse(place.said.out).runs;
  assert.deepEqual([row.outcome, row.resumable, row.duration_s], ["undone", false, 3]);
  await Deno.remove(cwd, { recursive: true });
});
