import assert from "node:assert/strict";
import { type Agent, load, sample, startAgent, startWorker } from "./bed.ts";

/** An agent whose actions are the functions of this code. */
function actions(code: string): Agent {
  const names = [...code.matchAll(/^(?:async )?def (\w+)\(input\)/gm)].map(([, name]) => name!);
  return {
    files: { "m.py": code },
    manifest: { exports: names.map((name) => ({ name, handler: `m:${name}` })) },
  };
}

Deno.test("a text is given as it is, anything else as JSON", async () => {
  await using bed = await startAgent(actions(`
from dataclasses import dataclass
from pydantic import BaseModel
class M(BaseModel):
    name: str
@dataclass
class D:
    n: int
async def text(input):
    return "schön 'so' " + input["x"]
async def table(input):
    return {"it's": [1, None, True, "é"]}
async def model(input):
    return M(name="n")
async def nested(input):
    return [M(name="n"), D(1)]
def nothing(input):
    pass
def half(input):
    return "\\ud800"
`));
  const given: Record<string, string> = {};
  for (const name of ["text", "table", "model", "nested", "nothing", "half"]) {
    const outcome = await bed.link.invoke(name, { x: "→" }, { timeout_ms: 5000 });
    assert.deepEqual([outcome.success, outcome.error], [true, ""], name);
    assert.ok(outcome.duration_ms >= 0);
    given[name] = outcome.result;
  }
  assert.deepEqual(given, {
    text: "schön 'so' →",
    table: `{"it's": [1, null, true, "é"]}`,
    model: '{"name": "n"}',
    nested: '[{"name": "n"}, {"n": 1}]',
    nothing: "null",
    half: "?",
  });
});

Deno.test("what has no JSON, and what is thrown, is an outcome; its traceback stays with us", async () => {
  await using bed = await startAgent(actions(`
import sys
class Odd(Exception):
    def __str__(self): raise self
async def a_set(input):
    return {1}
async def a_nan(input):
    return {"n": float("nan")}
async def a_circle(input):
    c = []
    c.append(c)
    return c
async def generator(input):
    yield 1
async def too_long(input):
    return "x" * (17 * 2 ** 20)
async def throws(input):
    raise KeyError("k")
def leaves(input):
    sys.exit(3)
async def leaves_later(input):
    raise SystemExit(4)
def stops(input):
    raise StopIteration()
async def odd(input):
    raise Odd()
async def interrupts(input):
    raise KeyboardInterrupt()
async def fine(input):
    return "fine"
`));
  const error = async (name: string) => {
    const outcome = await bed.link.invoke(name, {}, { timeout_ms: 5000 });
    assert.deepEqual([outcome.success, outcome.result], [false, ""], name);
    return outcome.error;
  };
  assert.match(await error("a_set"), /^TypeError: the result holds a set, which JSON has no word/);
  assert.match(await error("a_nan"), /^ValueError: .*not JSON compliant/);
  assert.match(await error("a_circle"), /^ValueError: Circular reference/);
  assert.match(await error("generator"), /^TypeError: the result holds a async_generator/);
  assert.match(
    await error("too_long"),
    /^the result is too long: 178\d+ bytes are more/,
  );
  assert.equal(await error("throws"), "KeyError: 'k'");
  assert.equal(await error("leaves"), "SystemExit: 3 (the code asked for the end of the process)");
  assert.match(await error("leaves_later"), /^SystemExit: 4 /);
  assert.equal(await error("stops"), "StopIteration");
  assert.equal(await error("odd"), "Odd: (its message cannot be had)");
  assert.equal(await error("interrupts"), "KeyboardInterrupt");
  assert.match(await error("none"), /^there is no action none; there are: a_circle, a_nan, /);
  assert.equal((await bed.link.invoke("fine", {}, { timeout_ms: 5000 })).result, "fine");
  await bed.link.stop(2000);
  const { stderr } = await bed.ended;
  assert.match(stderr, /action throws:\nTraceback [\s\S]*m\.py", line \d+, in throws/);
});

Deno.test("a call that takes too long is an outcome, and its coroutine is cancelled", async () => {
  await using bed = await startAgent(actions(`
import asyncio
seen = []
async def slow(input):
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        seen.append("cancelled")
        raise
async def stubborn(input):
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            pass
async def told(input):
    return seen
`));
  const slow = await bed.link.invoke("slow", {}, { timeout_ms: 100 });
  assert.deepEqual([slow.success, slow.error], [
    false,
    "TimeoutError: slow gave no result within 100 ms",
  ]);
  const stubborn = await bed.link.invoke("stubborn", {}, { timeout_ms: 100 });
  assert.equal(stubborn.error, "TimeoutError: stubborn gave no result within 100 ms");
  assert.equal((await bed.link.invoke("told", {}, { timeout_ms: 5000 })).result, '["cancelled"]');
});

Deno.test("a call that nobody waits for any more is cancelled", async () => {
  await using bed = await startAgent(sample);
  const given = new AbortController();
  const call = bed.link.invoke("wait", { ms: "60000" }, {
    timeout_ms: 60_000,
    signal: given.signal,
  });
  const reason = new Error("the client went away");
  given.abort(reason);
  await assert.rejects(call, reason);
  // Nothing runs any more: the worker would else wait for it.
  const begun = performance.now();
  await bed.link.stop(10_000);
  assert.ok(performance.now() - begun < 5000);
  assert.equal((await bed.ended).code, 0);
});

Deno.test("a hundred calls run beside each other, coroutines and plain functions", async () => {
  await using bed = await startAgent(actions(`
import asyncio, threading
all_here = threading.Barrier(100)
count = 0
here = None
async def meet(input):
    global count, here
    here = here or asyncio.Event()
    count += 1
    if count == 100:
        here.set()
    await here.wait()
    return input["n"]
def meet_in_threads(input):
    all_here.wait()
    return input["n"]
`));
  for (const action of ["meet", "meet_in_threads"]) {
    const calls = Array.from(
      { length: 100 },
      (_, n) => bed.link.invoke(action, { n: `${n}` }, { timeout_ms: 20_000 }),
    );
    const results = (await Promise.all(calls)).map(({ result, error }) => result + error);
    assert.deepEqual(results, Array.from({ length: 100 }, (_, n) => `${n}`), action);
  }
});

Deno.test("a plain function that blocks holds up nothing else", async () => {
  await using bed = await startAgent(sample);
  const blocked = bed.link.invoke("block", { ms: "3000" }, { timeout_ms: 20_000 });
  let isOver = false;
  void blocked.then(() => isOver = true);
  for (let n = 0; n < 20; n++) {
    const { result } = await bed.link.invoke("echo", { text: `${n}` }, { timeout_ms: 2000 });
    assert.equal(result, `${n}`);
  }
  assert.equal(isOver, false);
  assert.equal((await blocked).result, "blocked");
});

Deno.test("a coroutine that blocks the loop keeps neither a time limit nor the end from coming", async () => {
  await using bed = await startAgent(actions(`
import time
async def block(input):
    time.sleep(3600)
async def echo(input):
    return "echo"
`));
  const late = bed.link.invoke("block", {}, { timeout_ms: 200 });
  const other = bed.link.invoke("echo", {}, { timeout_ms: 200 });
  assert.match((await late).error, /^TimeoutError/);
  assert.match((await other).error, /^TimeoutError/);
  const begun = performance.now();
  await bed.link.stop(300);
  assert.ok(performance.now() - begun < 1000);
  assert.equal((await bed.ended).code, 1);
});

Deno.test("what an agent prints comes as it is, at once", async () => {
  const worker = await startWorker();
  await using bed = worker;
  await load(
    bed,
    actions(`
import os, sys
async def speak(input):
    print("to out, {\\"type\\":\\"result\\",\\"id\\":1}")
    print("to err", file=sys.stderr)
    os._exit(0)
`),
  );
  await assert.rejects(bed.link.invoke("speak", {}, { timeout_ms: 5000 }), /its process ended/);
  const { stdout, stderr } = await bed.ended;
  assert.equal(stdout, 'to out, {"type":"result","id":1}\n');
  assert.equal(stderr, "to err\n");
});
