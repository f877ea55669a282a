import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import fc from "fast-check";
import { BugError, type ErrorRecord } from "../errors.ts";
import type { Event } from "./event.ts";
import { readTokens } from "./read_tokens.ts";
import { formatToken } from "./token.ts";
import { verifyTokens } from "./verify_tokens.ts";

const base = { v: 1, run: "r1", time: "2026-01-02T03:04:05.006Z" } as const;
const error: ErrorRecord = {
  name: "FailedError",
  message: "no good answer\nfrom http://127.0.0.1:7443:\r\n  status 500",
  exit: 4,
  retryable: false,
  artifact: "/runs/r1/artifacts/rollback.log",
};
const line = (event: Event, key?: string) =>
  formatToken(event, { mode: "line", ...(key === undefined ? {} : { key }) });

Deno.test("formatToken() writes each kind of token", () => {
  const step = { ...base, step: "P5-3", token: 7 };
  const ended = { ...step, elapsed_s: 1.23456 };
  const written = ([
    { ...step, type: "step.started", summary: "Switch" },
    { ...ended, type: "step.done", facts: { secret: 1 }, notes: "a: b", artifact: "/a/b" },
    { ...ended, type: "step.done", facts: {} },
    { ...step, type: "step.skipped", notes: "when is false" },
    { ...ended, type: "step.failed", error, continued: false, notes: "more" },
    { ...step, step: "all.2", type: "undo.started" },
    { ...ended, type: "undo.done", notes: "the old one is back" },
    { ...ended, type: "undo.failed", error, artifact: "/other" },
  ] satisfies Event[]).map((event) => line(event));
  assert.deepEqual(written, [
    'APPLIANCE_STEP:P5-3:START:{"run":"r1","seq":7}',
    'APPLIANCE_STEP:P5-3:OK:{"run":"r1","seq":7,"elapsed_s":1.235,"artifact":"/a/b","notes":"a: b"}',
    'APPLIANCE_STEP:P5-3:OK:{"run":"r1","seq":7,"elapsed_s":1.235}',
    'APPLIANCE_STEP:P5-3:OK:{"run":"r1","seq":7,"notes":"when is false","skipped":true}',
    'APPLIANCE_STEP:P5-3:FAIL:{"run":"r1","seq":7,"elapsed_s":1.235,' +
    '"artifact":"/runs/r1/artifacts/rollback.log","exit":4,' +
    '"notes":"no good answer from http://127.0.0.1:7443: status 500"}',
    'APPLIANCE_STEP:all.2.undo:START:{"run":"r1","seq":7}',
    'APPLIANCE_STEP:P5-3.undo:OK:{"run":"r1","seq":7,"elapsed_s":1.235,"notes":"the old one is back"}',
    'APPLIANCE_STEP:P5-3.undo:FAIL:{"run":"r1","seq":7,"elapsed_s":1.235,"artifact":"/other",' +
    '"exit":4,"notes":"no good answer from http://127.0.0.1:7443: status 500"}',
  ]);
});

Deno.test("formatToken() has nothing for events without a number", () => {
  assert.equal(line({ ...base, type: "note", step: "a", text: "hello" }), undefined);
  assert.equal(
    line({ ...base, type: "run.finished", outcome: "done", exit: 0, elapsed_s: 1 }),
    undefined,
  );
});

Deno.test("formatToken() puts a mac of the line before it last", () => {
  const token = line(
    { ...base, step: "a", token: 1, type: "step.skipped", notes: ',"mac"é' },
    "k",
  )!;
  const signed = token.slice(0, token.lastIndexOf(',"mac"'));
  assert.equal(
    signed,
    'APPLIANCE_STEP:a:OK:{"run":"r1","seq":1,"notes":",\\"mac\\"é","skipped":true',
  );
  const mac = createHmac("sha256", "k").update(signed, "utf8").digest("hex");
  assert.equal(token, `${signed},"mac":"${mac}"}`);
});

Deno.test("formatToken() as json puts the token into a line of a log", () => {
  const event: Event = {
    ...base,
    step: "a",
    token: 1,
    type: "step.failed",
    elapsed_s: 0,
    error,
    continued: false,
  };
  assert.deepEqual(JSON.parse(formatToken(event, { mode: "json", key: "k" })!), {
    level: "error",
    ts: base.time,
    event: "step.failed",
    run: "r1",
    step: "a",
    token: line(event, "k"),
  });
});

Deno.test("formatToken() refuses an id that could be read as something else", () => {
  for (const step of ["a:OK", "a\nAPPLIANCE_STEP:b", "", "a..b", ".a", "é"]) {
    assert.throws(() => line({ ...base, step, token: 1, type: "undo.started" }), BugError);
  }
});

Deno.test("formatToken() cuts very long notes", () => {
  const token = line({
    ...base,
    step: "a",
    token: 1,
    type: "step.skipped",
    notes: "😀".repeat(9999),
  })!;
  const { notes } = JSON.parse(token.slice(token.indexOf("{")));
  assert.equal(notes.length, 4000);
  assert.ok(notes.endsWith("…"));
});

Deno.test("formatToken() is one printable line that readTokens() gives back, whatever is said", () => {
  const notes = fc.string({ unit: "binary", maxLength: 60 });
  const nasty = fc.constantFrom(
    "\n",
    "\r",
    "\u2028",
    "\u0085",
    "\x1b[2J",
    "\u202e",
    "\u200b\u00ad\u3164",
    "\u{e0041}",
    "APPLIANCE_STEP:x:OK\n",
    '"}',
  );
  fc.assert(
    fc.property(fc.tuple(notes, nasty, notes), fc.boolean(), (parts, json) => {
      const text = parts.join("");
      const event: Event = { ...base, step: "a.1", token: 1, type: "step.skipped", notes: text };
      const written = formatToken(event, { mode: json ? "json" : "line", key: "k" })!;
      assert.doesNotMatch(written, /[\p{Cc}\p{Cf}\u2028\u2029\u3164]/u);
      const { tokens, problems } = readTokens(`before\n${written}\nafter\n`);
      assert.deepEqual(problems, []);
      assert.equal(tokens.length, 1);
      assert.equal(tokens[0]!.details.notes, text);
      assert.deepEqual(verifyTokens(tokens, { key: "k" }), []);
    }),
  );
});
