// flags: --allow-read=<tmp> --allow-write=<tmp>
import assert from "node:assert/strict";
import { makeSpawnLog } from "./spawn_log.ts";

const program = { step: "A", program: "/bin/ln", args: ["-s"], env: [], brokered: false };
const clock = { now: () => new Date("2026-01-02T03:04:05.006Z") };

Deno.test("makeSpawnLog() has a start in the file before it settles, and ties the end to it", async () => {
  const path = `${await Deno.makeTempDir()}/spawned.jsonl`;
  const log = makeSpawnLog(path, { clock, mask: (line) => line });
  const lines = () =>
    Deno.readTextFileSync(path).trim().split("\n").map((line) => JSON.parse(line));
  const time = "2026-01-02T03:04:05.006Z";
  const first = await log.started(program);
  assert.deepEqual(lines(), [{ type: "started", n: 1, time, ...program }]);
  const second = await log.started({ ...program, step: "B" });
  await second({ code: 0 });
  await first({ failed: "it is gone" });
  await log.refused(program, "not declared");
  assert.deepEqual(lines().slice(2), [
    { type: "ended", n: 2, time, step: "B", code: 0 },
    { type: "ended", n: 1, time, step: "A", failed: "it is gone" },
    { type: "refused", time, reason: "not declared", ...program },
  ]);
  await log.close();
});

Deno.test("makeSpawnLog() makes no file where no program is asked for", async () => {
  const path = `${await Deno.makeTempDir()}/spawned.jsonl`;
  await makeSpawnLog(path, { clock, mask: (line) => line }).close();
  await assert.rejects(Deno.lstat(path), Deno.errors.NotFound);
});
