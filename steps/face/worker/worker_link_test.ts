import assert from "node:assert/strict";
import { BusyError, TimedOutError } from "../../../engine/errors.ts";
import { hello, startLiar, test } from "./liar.ts";
import type { LoadFailed } from "./worker_link.ts";
import type { Loaded } from "./worker_protocol.ts";

const order = {
  root: "/r",
  paths: ["/r"],
  manifest: { exports: [] },
  base_path: "/",
  name: "x",
  version: "1",
};
const limits = { timeout_ms: 5000 };

test("a call gives its result, by its number, in whatever order they come", async () => {
  await using liar = await startLiar();
  assert.deepEqual(liar.link.hello, { type: "hello", v: 1, pid: 7, version: "3.11.7" });
  const calls = ["a", "b"].map((action) => liar.link.invoke(action, { k: "v" }, limits));
  const [first, second] = [await liar.hear(), await liar.hear()];
  assert.deepEqual(first, {
    type: "invoke",
    id: 1,
    action: "a",
    parameters: { k: "v" },
    timeout_ms: 5000,
  });
  for (const { id, action } of [second, first]) {
    const result = { type: "result", id, success: true, result: action, error: "", duration_ms: 1 };
    await liar.say(`${JSON.stringify(result)}\n`);
  }
  const given = await Promise.all(calls);
  assert.deepEqual(given.map(({ result }) => result), ["a", "b"]);
});

test("whatever is not in the language ends the worker, with all its calls", async () => {
  const result = '{"type":"result","id":1,"success":true,"result":"","error":"","duration_ms":1}';
  const unread = "it said something that nobody understands";
  const cases: readonly (readonly [said: string, why: string])[] = [
    ["nonsense\n", unread],
    ["\n", unread],
    ["null\n", unread],
    ["[]\n", unread],
    [`${"[".repeat(100_000)}\n`, unread],
    [`${"[".repeat(50_000)}${"]".repeat(50_000)}\n`, unread],
    ['{"type":"exec","program":"sh"}\n', unread],
    ['{"type":"__proto__"}\n', unread],
    [result.replace('"id":1', '"id":"1"') + "\n", unread],
    [result.replace('"id":1', '"id":1.5') + "\n", unread],
    [result.replace('"id":1', '"id":-1') + "\n", unread],
    [result.replace('"duration_ms":1', '"duration_ms":1e999') + "\n", unread],
    [result.replace('"success":true', '"success":1') + "\n", unread],
    [result.replace('"result":""', '"result":null') + "\n", unread],
    [result.replace("}", ',"more":1}') + "\n", unread],
    [result.replace('"id":1', '"id":2') + "\n", "it said a result of call 2, which is not open"],
    [hello, "it said hello out of turn"],
    [
      '{"type":"loaded","rest":true,"a2a":null,"routes":[],"load_ms":1}\n',
      "it said loaded out of turn",
    ],
    [
      '{"type":"failed","part":"rest","error":"","traceback":"","more":false}\n',
      "it said failed out of turn",
    ],
  ];
  for (const [said, why] of cases) {
    await using liar = await startLiar();
    const call = liar.link.invoke("a", {}, limits);
    await liar.hear();
    await liar.say(said);
    assert.equal(await liar.link.ended, why, said.slice(0, 100));
    await assert.rejects(call, /^TransientError: the worker is gone: /);
    await assert.rejects(liar.hear(), /closed|reset/);
  }
});

test("a second result of one call is a lie", async () => {
  await using liar = await startLiar();
  const call = liar.link.invoke("a", {}, limits);
  await liar.hear();
  const line = '{"type":"result","id":1,"success":true,"result":"","error":"","duration_ms":1}\n';
  await liar.say(line + line);
  assert.equal((await call).success, true);
  assert.equal(await liar.link.ended, "it said a result of call 1, which is not open");
});

test("half a line, and what is no UTF-8, are damage", async () => {
  await using liar = await startLiar();
  await liar.say('{"type":"res');
  liar.leave();
  assert.equal(
    await liar.link.ended,
    "it said something damaged: the connection ended within a message",
  );
  await using other = await startLiar();
  await other.say(Uint8Array.of(0x22, 0xff, 0x22, 0x0a));
  assert.equal(await other.link.ended, "it said something damaged: a message is no UTF-8");
});

test("a line of 100 MB is not held: its worker is ended after 16", async () => {
  await using liar = await startLiar();
  const before = Deno.memoryUsage().rss;
  const piece = "x".repeat(2 ** 20);
  let said = 0;
  const saying = (async () => {
    for (; said < 100; said++) await liar.say(piece);
  })();
  await assert.rejects(saying);
  assert.ok(said < 40, `${said} MB were taken`);
  assert.ok(Deno.memoryUsage().rss - before < 80 * 2 ** 20);
  assert.equal(
    await liar.link.ended,
    "it said something damaged: a message is longer than 16777216 bytes",
  );
});

test("all faults of a load are gathered; more than a hundred, or a change of mind, are a lie", async () => {
  const fault = (more: boolean) =>
    `${JSON.stringify({ type: "failed", part: "rest", error: "E", traceback: "t", more })}\n`;
  const loaded = '{"type":"loaded","rest":false,"a2a":null,"routes":[],"load_ms":1}\n';
  const told = async (text: string): Promise<Loaded | LoadFailed | string> => {
    await using liar = await startLiar();
    const loading = liar.link.load(order, limits);
    loading.catch(() => {});
    assert.equal((await liar.hear())["type"], "load");
    await liar.say(text);
    return await Promise.race([loading.catch(() => liar.link.ended)]);
  };
  const one = { part: "rest", error: "E", traceback: "t" };
  assert.deepEqual(await told(fault(true) + fault(false)), { type: "failed", faults: [one, one] });
  assert.deepEqual(await told(loaded), {
    type: "loaded",
    rest: false,
    a2a: null,
    routes: [],
    load_ms: 1,
  });
  assert.equal(await told(fault(true) + loaded), "it said loaded after failed");
  assert.equal(await told(fault(true).repeat(101)), "it said more than 100 faults");
});

test("a second answer to a load ends the worker", async () => {
  await using liar = await startLiar();
  const loading = liar.link.load(order, limits);
  await liar.hear();
  const loaded = '{"type":"loaded","rest":false,"a2a":null,"routes":[],"load_ms":1}\n';
  await liar.say(loaded);
  await loading;
  await assert.rejects(liar.link.load(order, limits), /a worker loads once/);
  await liar.say(loaded);
  assert.equal(await liar.link.ended, "it said loaded out of turn");
});

test("a load that takes too long, or is aborted, ends the worker", async () => {
  {
    await using liar = await startLiar();
    await assert.rejects(liar.link.load(order, { timeout_ms: 10 }), TimedOutError);
    assert.equal(await liar.link.ended, "its connection was closed");
  }
  await using liar = await startLiar();
  const given = new AbortController();
  const loading = liar.link.load(order, { ...limits, signal: given.signal });
  const reason = new Error("enough");
  given.abort(reason);
  await assert.rejects(loading, reason);
});

test("a call that takes too long is cancelled, and its late result is nobody's", async () => {
  await using liar = await startLiar();
  const outcome = await liar.link.invoke("a", {}, { timeout_ms: 10 });
  assert.equal(outcome.error, "TimeoutError: a gave no result within 10 ms");
  await liar.hear();
  assert.deepEqual(await liar.hear(), { type: "cancel", id: 1 });
  await liar.say(
    '{"type":"result","id":1,"success":true,"result":"","error":"","duration_ms":1}\n',
  );
  const call = liar.link.invoke("b", {}, limits);
  await liar.hear();
  await liar.say(
    '{"type":"result","id":2,"success":true,"result":"r","error":"","duration_ms":1}\n',
  );
  assert.equal((await call).result, "r");
});

test("a worker that answers nothing is asked no more than a thousand times", async () => {
  await using liar = await startLiar();
  for (let n = 0; n < 10; n++) {
    const calls = Array.from({ length: 100 }, () => liar.link.invoke("a", {}, { timeout_ms: 10 }));
    assert.ok((await Promise.all(calls)).every(({ success }) => !success));
  }
  await assert.rejects(liar.link.invoke("a", {}, limits), BusyError);
});

test("one that leaves is seen at once; what is called then fails", async () => {
  await using liar = await startLiar();
  const call = liar.link.invoke("a", {}, limits);
  const begun = performance.now();
  liar.leave();
  await assert.rejects(call, /the worker is gone: its process ended/);
  assert.ok(performance.now() - begun < 500);
  await assert.rejects(liar.link.invoke("a", {}, limits), /the worker is gone/);
  await liar.link.stop(1000);
});

test("one that does not stop has its connection closed a second after the grace", async () => {
  await using liar = await startLiar();
  const begun = performance.now();
  await liar.link.stop(50);
  const took = performance.now() - begun;
  assert.ok(took > 1000 && took < 2000, `${took} ms`);
  assert.equal(await liar.link.ended, "its connection was closed");
});
