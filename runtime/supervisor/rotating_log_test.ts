// flags: --allow-read=<tmp> --allow-write=<tmp>
import assert from "node:assert/strict";
import { openLog } from "./rotating_log.ts";

const now = () => new Date(0);

Deno.test("openLog() keeps lines with time and source, over reopening", async () => {
  const dir = await Deno.makeTempDir();
  {
    using log = openLog(`${dir}/log`, now);
    log.add("out", "one");
  }
  using log = openLog(`${dir}/log`, now);
  log.add("sup", "two");
  assert.deepEqual(log.tail(10), [
    "1970-01-01T00:00:00.000Z out one",
    "1970-01-01T00:00:00.000Z sup two",
  ]);
  assert.deepEqual(log.tail(1), ["1970-01-01T00:00:00.000Z sup two"]);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("openLog() never keeps more than two files of 1 MiB, nor loses the newest lines", async () => {
  const dir = await Deno.makeTempDir();
  {
    using log = openLog(`${dir}/log`, now);
    const line = "x".repeat(8_000);
    for (let count = 0; count < 400; count++) log.add("out", `${count} ${line}`);
    const last = log.tail(3).map((text) => text.split(" ")[2]);
    assert.deepEqual(last, ["397", "398", "399"]);
  }
  const files = (await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => name).sort();
  assert.deepEqual(files, ["log", "log.1"]);
  for (const name of files) assert.ok((await Deno.stat(`${dir}/${name}`)).size <= 1024 * 1024);
  await Deno.remove(dir, { recursive: true });
});
