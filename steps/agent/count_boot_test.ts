// flags: --allow-read=<tmp> --allow-write=<tmp>
import assert from "node:assert/strict";
import { testClock } from "../../engine/execute/test_clock.ts";
import { testContext } from "../release/test_bed.ts";
import { countBoot } from "./count_boot.ts";

Deno.test("agent.count_boot waits longer after each boot that failed, and forgets when one is up", async () => {
  const store = await Deno.makeTempDir();
  const clock = testClock();
  const boot = async (outcome: string, wait: number) => {
    const ctx = { ...testContext(), clock };
    const running = countBoot.run({ store, counted: -1, outcome }, ctx);
    if (wait > 0) {
      await clock.sleeper(wait * 1000);
      await clock.advance(wait * 1000);
    }
    return await running;
  };
  for (const [failures, waited_s] of [[1, 0], [2, 4], [3, 8]] as const) {
    assert.deepEqual(await boot("failed", waited_s), { failures, waited_s });
  }
  assert.deepEqual(await boot("up", 0), { failures: 0, waited_s: 0 });
  assert.deepEqual(await boot("refused", 0), { failures: 1, waited_s: 0 });
  assert.deepEqual(await boot("done", 0), { failures: 0, waited_s: 0 });
});

Deno.test("agent.count_boot ends its wait when the end is asked for", async () => {
  const store = await Deno.makeTempDir();
  const asked = new AbortController();
  const clock = testClock();
  const context = testContext();
  const ctx = { ...context, clock, run: { ...context.run, asked: asked.signal } };
  const running = countBoot.run({ store, counted: 9, outcome: "failed" }, ctx);
  await clock.sleeper(60_000);
  asked.abort();
  assert.deepEqual(await running, { failures: 10, waited_s: 0 });
});

Deno.test("agent.count_boot takes a damaged count for none, and goes on where none can be kept", async () => {
  const store = await Deno.makeTempDir();
  await Deno.writeTextFile(`${store}/boot_failures.json`, "{");
  const ctx = testContext();
  assert.equal((await countBoot.run({ store, counted: -1, outcome: "failed" }, ctx)).failures, 1);
  const gone = { store: `${store}/gone`, counted: -1, outcome: "failed" };
  assert.equal((await countBoot.run(gone, ctx)).failures, 1);
  assert.match(ctx.notes.join(), /was not kept/);
});
