import assert from "node:assert/strict";
import fc from "fast-check";
import { formatDuration, parseDuration } from "./duration.ts";

Deno.test("parseDuration() knows each unit", () => {
  assert.equal(parseDuration("250ms"), 250);
  assert.equal(parseDuration("10s"), 10_000);
  assert.equal(parseDuration("5m"), 300_000);
  assert.equal(parseDuration("1h"), 3_600_000);
  assert.equal(parseDuration("1d2h3m4s5ms"), 93_784_005);
});

Deno.test("parseDuration() refuses everything else", () => {
  for (const text of ["", "5", "s", "1.5s", "-1s", "1 s", "1s1m", "1s1s", "1min", "ms", "1S"]) {
    assert.equal(parseDuration(text), undefined, text);
  }
});

Deno.test("formatDuration() is what parseDuration() reads", () => {
  fc.assert(fc.property(fc.nat(10 ** 12), (ms) => {
    assert.equal(parseDuration(formatDuration(ms)), ms);
  }));
});
