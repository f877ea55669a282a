import assert from "node:assert/strict";
import { lineBytes, outputBytes } from "../../engine/foreign/limits.ts";
import { makeOutputLimit } from "./output_limit.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("makeOutputLimit() counts a line as more than its letters, so that many short ones are no way around", () => {
  const { wants, dropped } = makeOutputLimit("n");
  let wanted = 0;
  for (let n = 0; n < 100_000; n++) if (wants("stdout", bytes("x"))) wanted++;
  assert.equal(wanted, Math.floor(outputBytes / (lineBytes + 1)));
  assert.equal(dropped(), 100_000 - wanted);
});

Deno.test("makeOutputLimit() wants every message of the process, and of no other", () => {
  const { wants } = makeOutputLimit("n");
  while (wants("stderr", bytes("x".repeat(10_000))));
  const short = bytes("x".repeat(20_000));
  assert.ok(!wants("stdout", short));
  assert.ok(wants("stdout", bytes('{"sluice":"n","number":1}')));
  assert.ok(!wants("stdout", bytes('{"sluice":"m","number":1}'.padEnd(20_000))));
  assert.ok(!wants("stderr", bytes('{"sluice":"n","number":1}'.padEnd(20_000))));
});

Deno.test("makeOutputLimit() does not count empty lines", () => {
  const { wants, dropped } = makeOutputLimit("n");
  assert.ok(!wants("stdout", bytes("")));
  assert.equal(dropped(), 0);
});
