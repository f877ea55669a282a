// flags: --allow-read --allow-write=<tmp> --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import type { JournalRecord } from "../../engine/journal/entry.ts";
import { openJournal } from "../../engine/journal/journal.ts";
import { systemClock } from "../../engine/execute/system_clock.ts";
import { runCli } from "./cli.ts";
import { type PlaceOptions, recordedPlace } from "./recorded_place.ts";
import { testPipeline, testRegistry } from "./test_registry.ts";
import { withFolder } from "./with_folder.ts";

async function sluice(options: PlaceOptions, ...args: readonly string[]) {
  const place = recordedPlace(options);
  const exit = await runCli(args, place, testRegistry);
  return { exit, ...place.said, launched: place.launched };
}

/** A run whose last step was cut off, as its process left it on disk. */
async function withRun(test: (cwd: string, id: string, folder: string) => Promise<void>) {
  await withFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/demo.yaml`, testPipeline);
    const { launched } = await sluice({ cwd }, "run", "demo.yaml", "--param", "root=/srv/demo");
    const { plan, permissions, run: { id, folder } } = launched[0]!;
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(`${folder}/plan.json`, JSON.stringify(plan));
    await Deno.writeTextFile(`${folder}/permissions.json`, JSON.stringify(permissions));
    const journal = await openJournal(`${folder}/journal.jsonl`, { clock: systemClock });
    const start = (step: string, token: number): JournalRecord => ({
      type: "step.started",
      step,
      attempt: 1,
      token,
      digest: "sha256:0",
      input: "sha256:0",
      late: {},
    });
    const records: readonly JournalRecord[] = [
      {
        type: "run.started",
        v: 1,
        run: id,
        pipeline: "demo",
        plan: plan.digest,
        permissions: "sha256:0",
        code: "1",
      },
      start("look", 1),
      { type: "step.done", step: "look", token: 2, facts: { files: 1 } },
      start("burn", 3),
    ];
    for (const record of records) await journal.append(record, { sync: false });
    await journal.close();
    await test(cwd, id, folder);
  });
}

Deno.test("resume() and undo take up the plan of a run, with its file and its set", async () => {
  await withRun(async (cwd, id, folder) => {
    for (
      const [args, mode] of [
        [["resume", "4000"], { kind: "resume", again: false }],
        [["resume", id, "--again"], { kind: "resume", again: true }],
        [["undo", id], { kind: "undo" }],
      ] as const
    ) {
      const { exit, err, launched } = await sluice({ cwd }, ...args);
      assert.deepEqual([exit, err], [0, ""]);
      assert.deepEqual(launched[0]?.mode, mode);
      assert.deepEqual(launched[0]?.run, { id, folder });
      assert.equal(launched[0]?.file, `${cwd}/demo.yaml`);
      assert.deepEqual(launched[0]?.permissions.write, [folder, "/srv/demo"]);
    }
  });
});

Deno.test("resume() refuses a run that began with other permissions", async () => {
  await withRun(async (cwd, id, folder) => {
    const path = `${folder}/permissions.json`;
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, text.replace('"/srv/demo"],"write"', '"/etc"],"write"'));
    const { exit, err, launched } = await sluice({ cwd }, "resume", id);
    assert.deepEqual([exit, launched], [7, []]);
    assert.match(err, /now needed and not then: reads \/srv\/demo/);
    assert.match(err, /then granted and not needed now: reads \/etc/);
  });
});

Deno.test("resume() refuses a plan that was changed, and a run that is not there", async () => {
  await withRun(async (cwd, id, folder) => {
    const path = `${folder}/plan.json`;
    await Deno.writeTextFile(path, (await Deno.readTextFile(path)).replaceAll("/srv/demo", "/etc"));
    assert.equal((await sluice({ cwd }, "resume", id)).exit, 2);
    assert.equal((await sluice({ cwd }, "resume", "nope")).exit, 2);
    await Deno.remove(path);
    assert.equal((await sluice({ cwd }, "undo", id)).exit, 2);
  });
});

const vouch = ["--reason", "looked at it"];

Deno.test("markDone() writes the step, the reason and the person into the journal", async () => {
  await withRun(async (cwd, id, folder) => {
    const env = { USER: "ada", SUDO_USER: "grace" };
    const args = ["mark-done", id, "burn", ...vouch, "--facts", '{"ash": 2}'];
    const { exit, err } = await sluice({ cwd, env }, ...args);
    assert.equal(exit, 0, err);
    const lines = (await Deno.readTextFile(`${folder}/journal.jsonl`)).trimEnd().split("\n");
    const { type, step, reason, actor, facts } = JSON.parse(lines.at(-1)!);
    assert.deepEqual({ type, step, reason, actor, facts }, {
      type: "step.marked-done",
      step: "burn",
      reason: "looked at it",
      actor: "grace",
      facts: { ash: 2 },
    });
    const listed = await sluice({ cwd }, "runs", "--format", "json");
    assert.equal(JSON.parse(listed.out).runs[0].outcome, "cut-off");
  });
});

Deno.test("markDone() refuses unknown steps, wrong facts, steps that never began", async () => {
  await withRun(async (cwd, id, folder) => {
    const before = await Deno.readTextFile(`${folder}/journal.jsonl`);
    const fault = async (...args: readonly string[]) => {
      const { exit, err } = await sluice({ cwd }, "mark-done", id, ...args, ...vouch);
      assert.equal(exit, 2, err);
      return err;
    };
    assert.match(await fault("brun"), /did you mean "burn"\?/);
    assert.match(await fault("look"), /look of run .* is done already/);
    assert.match(await fault("burn"), /no facts of burn \(demo\.burn\): ash is missing/);
    assert.match(await fault("burn", "--facts", '{"ash": 1, "smoke": 2}'), /smoke/);
    assert.match(await fault("burn", "--facts", "{"), /--facts is not JSON/);
    assert.match(await fault("link", "--facts", '{"link": "x"}'), /link was never started/);
    assert.equal(await Deno.readTextFile(`${folder}/journal.jsonl`), before);
  });
});

Deno.test("markDone() wants a reason, the run's own journal, and marks once", async () => {
  await withRun(async (cwd, id, folder) => {
    const mark = (reason: string) =>
      sluice({ cwd }, "mark-done", id, "burn", "--reason", reason, "--facts", '{"ash": 2}');
    assert.equal((await mark(" ")).exit, 64);
    const path = `${folder}/journal.jsonl`;
    await Deno.rename(path, `${path}.old`);
    const missing = await mark("why");
    assert.deepEqual([missing.exit, /is missing/.test(missing.err)], [2, true], missing.err);
    await Deno.rename(`${path}.old`, path);
    assert.equal((await mark("why")).exit, 0);
    const again = await mark("why");
    assert.deepEqual([again.exit, /burn of run .* is done already/.test(again.err)], [2, true]);
  });
});

Deno.test("markDone() says busy while the run is going on", async () => {
  await withRun(async (cwd, id, folder) => {
    const journal = await openJournal(`${folder}/journal.jsonl`, { clock: systemClock });
    const args = ["mark-done", id, "burn", ...vouch, "--facts", '{"ash": 2}'];
    const { exit } = await sluice({ cwd }, ...args);
    await journal.close();
    assert.equal(exit, 10);
  });
});
