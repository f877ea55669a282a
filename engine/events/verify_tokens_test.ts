import assert from "node:assert/strict";
import fc from "fast-check";
import type { Event } from "./event.ts";
import { readTokens } from "./read_tokens.ts";
import { formatToken } from "./token.ts";
import { verifyTokens } from "./verify_tokens.ts";

/** Writes tokens as `id:STATUS:seq[:run]`, and tells what is wrong with them. */
function faults(...tokens: string[]): string[] {
  const lines = tokens.map((token) => {
    const [id, status, seq, run = "r"] = token.split(":");
    const [ended, skipped] = status!.split("+");
    const details = { run, seq: Number(seq), ...(skipped ? { skipped: true } : {}) };
    return `APPLIANCE_STEP:${id}:${ended}:${JSON.stringify(details)}`;
  });
  const { tokens: read, problems } = readTokens(lines.join("\n"));
  assert.deepEqual(problems, []);
  return verifyTokens(read).map(({ line, message }) => `${line}: ${message}`);
}

Deno.test("verifyTokens() accepts a run with a skipped, a failed and an undone step", () => {
  const run = ["a:START:1", "b:START:2", "a:OK:3", "c:OK+skipped:4", "b:FAIL:5"];
  assert.deepEqual(faults(...run, "a.undo:START:6", "a.undo:OK:7"), []);
});

Deno.test("verifyTokens() accepts several runs, a resumed one and one that repeats", () => {
  assert.deepEqual(faults("a:START:1:r", "a:START:1:q", "a:OK:2:q", "a:OK:2:r"), []);
  assert.deepEqual(faults("a:START:1", "a.undo:START:2", "a.undo:OK:3", "a:START:4", "a:OK:5"), []);
  assert.deepEqual(faults("a:START:1", "a:START:2", "a:OK:3", "a:START:4", "a:OK:5"), []);
});

Deno.test("verifyTokens() finds gaps, repetitions and tokens out of order", () => {
  assert.deepEqual(faults("a:START:2", "a:OK:5"), [
    "1: token 1 of run r is missing before token 2",
    "2: tokens 3 to 4 of run r are missing before token 5",
  ]);
  assert.deepEqual(faults("a:START:1", "a:OK:1"), ["2: token 1 of run r comes again, or too late"]);
});

Deno.test("verifyTokens() finds ends without a start, starts without an end, undos of nothing", () => {
  assert.deepEqual(faults("a:OK:1", "b.undo:START:2", "c:START:3", "b.undo:FAIL:4"), [
    "1: a:OK has no START",
    "2: b is undone before its START",
    "3: c was started and has neither OK nor FAIL",
  ]);
  assert.deepEqual(faults("a:START:1", "a:OK:2", "a:OK:3"), ["3: a:OK has no START"]);
});

Deno.test("verifyTokens() wants run and seq", () => {
  const { tokens } = readTokens("APPLIANCE_STEP:a:START\nAPPLIANCE_STEP:a:OK\n");
  const messages = verifyTokens(tokens).map(({ message }) => message);
  assert.deepEqual(messages, ["a:START has no run or no seq", "a:OK has no run or no seq"]);
});

const base = { v: 1, run: "r", time: "2026-01-02T03:04:05.006Z" } as const;
const signed = (["step.started", "step.done"] as const).map((type, index) =>
  formatToken(
    { ...base, type, step: "a", token: index + 1, summary: "A", elapsed_s: 0, facts: {} } as Event,
    {
      mode: "line",
      key: "key",
    },
  )!
);

Deno.test("verifyTokens() finds a missing mac, another key, and any change of a signed token", () => {
  const check = (lines: readonly string[], key = "key") =>
    verifyTokens(readTokens(lines.join("\n")).tokens, { key }).map(({ message }) => message);
  assert.deepEqual(check(signed), []);
  assert.deepEqual(check(signed, "other"), ["a:START has a wrong mac", "a:OK has a wrong mac"]);
  const bare = signed.map((line) => line.replace(/,"mac".*/, "}"));
  assert.deepEqual(check(bare), ["a:START has no mac", "a:OK has no mac"]);
  fc.assert(
    fc.property(
      fc.nat(signed[1]!.length - 1),
      fc.string({ minLength: 1, maxLength: 1 }),
      (at, by) => {
        const changed = signed[1]!.slice(0, at) + by + signed[1]!.slice(at + 1);
        fc.pre(changed !== signed[1]);
        const { tokens, problems } = readTokens(`${signed[0]}\n${changed}`);
        assert.ok(problems.length + verifyTokens(tokens, { key: "key" }).length > 0, changed);
      },
    ),
  );
});
