// flags: --allow-read --allow-write=<tmp>
import assert from "node:assert/strict";
import { none } from "../../engine/permissions/permissions.ts";
import { openRun } from "./keeper.ts";
import { type NewLaunchRecord, readLaunchRecords } from "./launch_record.ts";

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
