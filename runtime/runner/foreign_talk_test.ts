// flags: none but those of the engine
import assert from "node:assert/strict";
import { FailedError, RefusedError, SluiceError, TransientError } from "../../engine/errors.ts";
import { systemClock } from "../../engine/execute/system_clock.ts";
import type { ExecRequest, StepContext } from "../../engine/step.ts";
import { ForeignTalk } from "./foreign_talk.ts";
import type { ForeignListener } from "./launcher_link.ts";

/** A talk with a process that says what the test says. */
function talk(more: Partial<StepContext> = {}) {
  const told: unknown[] = [];
  const sent: Record<string, unknown>[] = [];
  const abort = new AbortController();
  const ctx = {
    id: "P1",
    run: { id: "r1" },
    signal: abort.signal,
    clock: systemClock,
    emit: {
      note: (text: string) => void told.push({ note: text }),
      progress: (progress: object) => void told.push({ progress }),
      artifact: (path: string) => void told.push({ artifact: path }),
      output: ({ stream, text }: { stream: string; text: string }) =>
        void told.push({ [stream]: text }),
    },
    ...more,
  } as unknown as StepContext;
  let listener!: ForeignListener;
  let nonce = "";
  let killed = 0;
  const conversation = new ForeignTalk({
    name: "./step.ts",
    order: { process: 1, step: "P1", id: "P1", phase: "run" },
    job: { id: "P1", run: { id: "r1" }, input: {}, secrets: [], phase: "run" },
    write: ["/out"],
    folders: { scratch: "/r/scratch/P1", artifacts: "/r/artifacts/P1" },
    ctx,
  }, {
    nextProcess: () => 1,
    exists: () => Promise.resolve(true),
    start(order, own) {
      listener = own;
      nonce = order.nonce;
      return {
        send: (line) => void sent.push(line as Record<string, unknown>),
        kill() {
          killed++;
          own.end({ code: 137, signal: "SIGKILL", memory: false });
        },
      };
    },
  });
  let seq = 0;
  const say = (message: unknown) =>
    listener.line("stdout", JSON.stringify({ sluice: nonce, seq: ++seq, message }));
  return {
    told,
    sent,
    abort,
    say,
    line: (text: string) => listener.line("stdout", text),
    error: (text: string) => listener.line("stderr", text),
    skip: () => void seq++,
    end: (code = 0) => listener.end({ code, signal: null, memory: false }),
    result: conversation.result(),
    get killed() {
      return killed;
    },
  };
}

async function failure(result: Promise<unknown>): Promise<SluiceError> {
  try {
    await result;
  } catch (error) {
    assert.ok(error instanceof SluiceError, String(error));
    return error;
  }
  throw new Error("it did not fail");
}

Deno.test("a talk hands on what a step says of itself", async () => {
  const { say, line, error, told, result, sent } = talk();
  say({ type: "note", text: "one" });
  say({ type: "progress", progress: { done: 1, total: 2, unit: "files", label: "a" } });
  say({ type: "artifact", path: "/out/file" });
  say({ type: "artifact", path: "/r/artifacts/P1/file" });
  line("printed");
  error("said");
  say({ type: "done", facts: { a: [1] } });
  assert.deepEqual(await result, { a: [1] });
  assert.deepEqual(told, [
    { note: "one" },
    { progress: { done: 1, total: 2, unit: "files", label: "a" } },
    { artifact: "/out/file" },
    { artifact: "/r/artifacts/P1/file" },
    { stdout: "printed" },
    { stderr: "said" },
  ]);
  assert.deepEqual(sent.map(({ type }) => type), ["work"]);
});

Deno.test("a talk ends a process that does not keep to the language", async () => {
  let deep: unknown = 1;
  for (let level = 0; level < 100; level++) deep = [deep];
  const faults: readonly (readonly [unknown, RegExp])[] = [
    [{ type: "run.finished", exit: 0 }, /said something that nobody understands/],
    [{ type: "event", event: {} }, /said something that nobody understands/],
    [null, /said something that nobody understands/],
    [{ type: "note" }, /said something that nobody understands/],
    [{ type: "done", facts: deep }, /said something that nobody understands/],
    [{ type: "progress", progress: { done: "x", unit: "files" } }, /nobody understands/],
    [{ type: "progress", progress: { done: 1, unit: "miles" } }, /nobody understands/],
    [{ type: "exec", number: 1, program: "ls", args: [1], env: {} }, /nobody understands/],
    [{ type: "exec", number: 1, program: "ls", args: [], env: { A: 1 } }, /nobody understands/],
    [
      { type: "artifact", path: "/etc/hostname" },
      /artifact \/etc\/hostname, which it may not write/,
    ],
    [{ type: "artifact", path: "/out/../etc" }, /which it may not write/],
    [{ type: "artifact", path: "/r/artifacts/P2/x" }, /which it may not write/],
    [{ type: "secret", value: "x".repeat(100_000) }, /has too many secrets/],
  ];
  for (const [message, text] of faults) {
    const one = talk();
    one.say(message);
    const error = await failure(one.result);
    assert.match(error.message, text);
    assert.ok(error instanceof FailedError);
    assert.equal(one.killed, 1);
  }
  const gap = talk();
  gap.skip();
  gap.say({ type: "note", text: "x" });
  assert.match(
    (await failure(gap.result)).message,
    /said something damaged: message 1 was expected/,
  );
});

Deno.test("a talk ends a process that has no end of things to say", async () => {
  const notes = talk();
  for (let n = 0; n <= 1000; n++) notes.say({ type: "note", text: "x" });
  assert.match((await failure(notes.result)).message, /told of more than 1000 things/);
  const secrets = talk();
  for (let n = 0; n <= 100_000; n++) secrets.say({ type: "secret", value: "" });
  assert.match((await failure(secrets.result)).message, /talks without end/);
  const programs = talk({ exec: () => new Promise(() => {}) });
  for (let number = 0; number <= 16; number++) {
    programs.say({ type: "exec", number, program: "ls", args: [], env: {} });
  }
  assert.match((await failure(programs.result)).message, /wants more than 16 programs at once/);
});

Deno.test("a talk masks what it was told is secret, in all that follows", async () => {
  const { say, line, told, result } = talk();
  say({ type: "secret", value: "hunter2-long" });
  say({ type: "note", text: "it is hunter2-long" });
  say({ type: "progress", progress: { done: 1, unit: "files", label: "hunter2-long" } });
  line("hunter2");
  line("printed hunter2-long");
  say({ type: "done", facts: { "hunter2-long": ["hunter2-long"] } });
  assert.deepEqual(await result, { "***": ["***"] });
  assert.deepEqual(told, [
    { note: "it is ***" },
    { progress: { done: 1, unit: "files", label: "***" } },
    { stdout: "hunter2" },
    { stdout: "printed ***" },
  ]);
  const failed = talk();
  failed.say({ type: "secret", value: "hunter2-long" });
  failed.say({
    type: "failed",
    error: { name: "hunter2-long", message: "no hunter2-long", hint: "try hunter2-long" },
  });
  const { message, hint } = await failure(failed.result);
  assert.deepEqual([message, hint], ["***: no ***", "try ***"]);
});

Deno.test("a talk lets a step fail in the ways that a caller may act on", async () => {
  const failed = async (error: Record<string, unknown>) => {
    const one = talk();
    one.say({ type: "failed", error });
    return await failure(one.result);
  };
  const plain = await failed({ name: "Error", message: "no", hint: "do" });
  assert.deepEqual([plain.name, plain.message, plain.hint, plain.exit], [
    "FailedError",
    "no",
    "do",
    4,
  ]);
  assert.ok(
    await failed({ name: "Error", message: "no", retryable: true }) instanceof TransientError,
  );
  assert.equal((await failed({ name: "TypeError", message: "no" })).message, "TypeError: no");
  assert.equal((await failed({ name: "BusyError", message: "no" })).exit, 10);
  assert.equal((await failed({ name: "InvalidInputError", message: "no" })).exit, 2);
  // A step cannot claim that a signature was wrong, or that Sluice has a bug.
  assert.equal((await failed({ name: "NotAuthorisedError", message: "no" })).exit, 4);
  assert.equal((await failed({ name: "BugError", message: "no" })).exit, 4);
  const refused = talk();
  refused.say({ type: "failed", error: { name: "NotCapable", message: "Requires read access" } });
  await assert.rejects(refused.result, Deno.errors.NotCapable);
});

Deno.test("a talk has programs started by the engine, and tells why one was not", async () => {
  const asked: ExecRequest[] = [];
  const exec = (request: ExecRequest) => {
    asked.push(request);
    if (request.program === "ls") return Promise.resolve({ code: 1, stdout: "out", stderr: "" });
    return Promise.reject(new RefusedError("not declared", { hint: "declare it" }));
  };
  const one = talk({ exec } as Partial<StepContext>);
  const ls = { program: "ls", args: ["-l"], env: { LANG: "C" } };
  one.say({ type: "exec", number: 7, ...ls, cwd: "/out", max_output: 10, show: true });
  one.say({ type: "exec", number: 8, ...ls, program: "sh" });
  one.say({ type: "done", facts: {} });
  await one.result;
  assert.deepEqual(asked, [
    { ...ls, cwd: "/out", maxOutput: 10, show: true },
    { ...ls, program: "sh" },
  ]);
  assert.deepEqual(one.sent.slice(1), [
    { type: "exec", number: 7, result: { code: 1, stdout: "out", stderr: "" } },
    {
      type: "exec",
      number: 8,
      result: { error: { name: "RefusedError", message: "not declared", hint: "declare it" } },
    },
  ]);
});

Deno.test("a talk tells a process of the abort, and kills it when it goes on", async () => {
  const one = talk();
  one.abort.abort(new FailedError("stop now"));
  assert.equal(await failure(one.result), one.abort.signal.reason);
  assert.deepEqual(one.sent.at(-1), { type: "abort", reason: "stop now" });
  assert.equal(one.killed, 1);
});

Deno.test("a talk says how a process ended that gave no result", async () => {
  const one = talk();
  one.line("last words");
  one.end(3);
  const error = await failure(one.result);
  assert.equal(
    error.message,
    "the process of ./step.ts ended with exit code 3 before it gave a result",
  );
  assert.deepEqual(one.told, [{ stdout: "last words" }]);
});
