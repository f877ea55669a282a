import assert from "node:assert/strict";
import { schedule, type Task } from "./schedule.ts";

const never = new AbortController().signal;

/** Runs tasks of which each ends when `end` is called with its id. */
function start(tasks: readonly Task[], limits: Record<string, number> = {}, signal = never) {
  const started: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<"go-on" | "stop">>();
  const done = schedule(tasks, new Map(Object.entries(limits)), signal, (id) => {
    started.push(id);
    const end = Promise.withResolvers<"go-on" | "stop">();
    ends.set(id, end);
    return end.promise;
  });
  const end = async (id: string, verdict: "go-on" | "stop" = "go-on") => {
    ends.get(id)!.resolve(verdict);
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { started, end, done };
}

const diamond = [
  { id: "a", needs: [] },
  { id: "b", needs: ["a"] },
  { id: "c", needs: ["a"] },
  { id: "d", needs: ["b", "c"] },
];

Deno.test("schedule() starts each task when all that it needs has ended", async () => {
  const { started, end, done } = start(diamond);
  assert.deepEqual(started, ["a"]);
  await end("a");
  assert.deepEqual(started, ["a", "b", "c"]);
  await end("c");
  assert.deepEqual(started, ["a", "b", "c"]);
  await end("b");
  assert.deepEqual(started, ["a", "b", "c", "d"]);
  await end("d");
  assert.equal(await done, true);
});

Deno.test("schedule() starts nothing after a stop and waits for what runs", async () => {
  const { started, end, done } = start(diamond);
  await end("a");
  let settled = false;
  done.then(() => settled = true);
  await end("b", "stop");
  assert.equal(settled, false);
  await end("c");
  assert.equal(await done, false);
  assert.deepEqual(started, ["a", "b", "c"]);
});

Deno.test("schedule() starts nothing after an abort", async () => {
  const abort = new AbortController();
  const { started, end, done } = start(diamond, {}, abort.signal);
  abort.abort();
  await end("a");
  assert.equal(await done, false);
  assert.deepEqual(started, ["a"]);
});

Deno.test("schedule() runs as many members of a pool as its limit allows, in order", async () => {
  const tasks = ["1", "2", "3", "4"].map((id) => ({ id, needs: [], pool: "p" }));
  const { started, end, done } = start(tasks, { p: 2 });
  assert.deepEqual(started, ["1", "2"]);
  await end("2");
  assert.deepEqual(started, ["1", "2", "3"]);
  await end("1");
  await end("3");
  await end("4");
  assert.equal(await done, true);
});

Deno.test("schedule() has nothing to do for no tasks", async () => {
  assert.equal(await start([]).done, true);
});

Deno.test("schedule() refuses needs that are not there, or go in a circle", async () => {
  assert.throws(() => start([{ id: "a", needs: ["x"] }]), /a needs x/);
  const circle = [{ id: "a", needs: ["b"] }, { id: "b", needs: ["a"] }];
  await assert.rejects(start(circle).done, /circle/);
});
