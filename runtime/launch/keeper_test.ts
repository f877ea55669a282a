// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno> --allow-env=<what Deno needs>
import assert from "node:assert/strict";
import { UsageError } from "../../engine/errors.ts";
import { none } from "../../engine/permissions/permissions.ts";
import { openRun } from "./keeper.ts";
import { type NewLaunchRecord, readLaunchRecords } from "./launch_record.ts";
import type { LaunchPlaces } from "./places.ts";
import { startKeeper } from "./start_keeper.ts";
import { placesIn } from "./test_places.ts";

const record: NewLaunchRecord = {
  v: 1,
  time: "2026-01-02T03:04:05.000Z",
  mode: "run",
  plan: "sha256:0",
  permissions: none,
  denied: [],
  cwd: "/",
  tmp: "/tmp",
  deno: "2.9.6",
  box: "none",
};

async function placesAt(): Promise<LaunchPlaces> {
  const cwd = await Deno.realPath(await Deno.makeTempDir());
  return { ...placesIn(cwd), runs: `${cwd}/not/yet/runs` };
}

const modeOf = (path: string) => (Deno.statSync(path).mode! & 0o777).toString(8);
const request = (places: LaunchPlaces, kind: "run" | "undo", id = "r1") => ({
  mode: { kind },
  run: { id, folder: `${places.runs}/${id}` },
});

Deno.test("openRun() makes what is missing of a new run's folder, for its owner only", async () => {
  const { runs } = await placesAt();
  assert.deepEqual(await openRun(runs, { open: "r1", is: "new", record }), { process: 1 });
  for (const path of [runs, `${runs}/r1`, `${runs}/r1/audit`]) assert.equal(modeOf(path), "700");
  assert.equal(modeOf(`${runs}/r1/audit/1-runner.jsonl`), "600");
});

Deno.test("openRun() counts the processes of a run, whatever became of their files", async () => {
  const { runs } = await placesAt();
  await openRun(runs, { open: "r1", is: "new", record });
  assert.deepEqual(await openRun(runs, { open: "r1", is: "there", record }), { process: 2 });
  await Deno.writeTextFile(`${runs}/r1/audit/7-A0-1.jsonl`, "");
  assert.deepEqual(await openRun(runs, { open: "r1", is: "there", record }), { process: 8 });
  // A run of before there were audits.
  await Deno.remove(`${runs}/r1/audit`, { recursive: true });
  assert.deepEqual(await openRun(runs, { open: "r1", is: "there", record }), { process: 1 });
});

Deno.test("openRun() makes no folder where one is, and none for a run that is not there", async () => {
  const { runs } = await placesAt();
  await openRun(runs, { open: "r1", is: "new", record });
  assert.deepEqual(await openRun(runs, { open: "r1", is: "new", record }), {
    refused: "there already",
  });
  assert.deepEqual(await openRun(runs, { open: "r2", is: "there", record }), {
    refused: "not there",
  });
  await assert.rejects(Deno.stat(`${runs}/r2`), Deno.errors.NotFound);
});

Deno.test("openRun() gives two processes that begin at once two numbers", async () => {
  const { runs } = await placesAt();
  await openRun(runs, { open: "r1", is: "new", record });
  const replies = await Promise.all(
    Array.from({ length: 5 }, () => openRun(runs, { open: "r1", is: "there", record })),
  );
  const numbers = replies.map((reply) => "process" in reply ? reply.process : 0);
  assert.deepEqual(numbers.sort(), [2, 3, 4, 5, 6]);
});

Deno.test("startKeeper() has a folder made by a process that may write no other", async () => {
  const places = await placesAt();
  await using keeper = startKeeper(places);
  assert.equal(await keeper.open(request(places, "run"), record), 1);
  await using again = startKeeper(places);
  await assert.rejects(again.open(request(places, "run"), record), (error: UsageError) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /not\/yet\/runs\/r1, is there already/);
    assert.match(error.hint!, /sluice resume/);
    return true;
  });
  await using undone = startKeeper(places);
  assert.equal(await undone.open(request(places, "undo"), record), 2);
});

Deno.test("startKeeper() makes nothing where it is not asked", async () => {
  const places = await placesAt();
  await startKeeper(places)[Symbol.asyncDispose]();
  await assert.rejects(Deno.stat(places.runs), Deno.errors.NotFound);
});

Deno.test("startKeeper() says why a folder cannot be made", async () => {
  const places = await placesAt();
  await Deno.writeTextFile(`${places.cwd}/not`, "a file");
  await using keeper = startKeeper(places);
  await assert.rejects(
    keeper.open(request(places, "run"), record),
    /cannot be made|Not a directory/,
  );
});

Deno.test("openRun() records each start beside the folder, where the run may not write", async () => {
  const runs = `${await Deno.makeTempDir()}/runs`;
  assert.deepEqual(await openRun(runs, { open: "1", is: "new", record }), { process: 1 });
  const again = { open: "1", is: "there", record: { ...record, mode: "resume" } } as const;
  assert.deepEqual(await openRun(runs, again), { process: 2 });
  const path = `${runs}/1.launches.jsonl`;
  const records = readLaunchRecords(await Deno.readTextFile(path));
  assert.deepEqual(records.map(({ process, mode }) => [process, mode]), [[1, "run"], [
    2,
    "resume",
  ]]);
  assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
});

Deno.test("openRun() records nothing where nothing is started", async () => {
  const runs = await Deno.makeTempDir();
  const refused = await openRun(runs, { open: "1", is: "there", record });
  assert.deepEqual(refused, { refused: "not there" });
  await openRun(runs, { open: "1", is: "new", record });
  const twice = await openRun(runs, { open: "1", is: "new", record });
  assert.deepEqual(twice, { refused: "there already" });
  const text = await Deno.readTextFile(`${runs}/1.launches.jsonl`);
  assert.equal(readLaunchRecords(text).length, 1);
});
