// flags: --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import { readYaml } from "./read_yaml.ts";
import { spanWithin } from "./span_within.ts";

/** Place of `part` in the value of the key `a`. */
function place(text: string, part: string): readonly [number, number] {
  const { node } = readYaml(text, "x.yaml");
  const scalar = node?.kind === "map" ? node.entries[0]?.value : undefined;
  assert.ok(scalar?.kind === "scalar" && typeof scalar.value === "string");
  const start = scalar.value.indexOf(part);
  const span = spanWithin(text, scalar.span, scalar.value, start, start + part.length);
  return [span.line, span.column];
}

Deno.test("spanWithin() is exact in plain and quoted scalars", () => {
  assert.deepEqual(place("a: go ${{ x.y }}\n", "x.y"), [1, 11]);
  assert.deepEqual(place('a: "go ${{ x.y }}"\n', "x.y"), [1, 12]);
  assert.deepEqual(place("a: 'go ${{ x.y }}'\n", "x.y"), [1, 12]);
});

Deno.test("spanWithin() finds the line of a block scalar", () => {
  assert.deepEqual(place("a: |\n  first\n  go ${{ x.y }}\n", "x.y"), [3, 10]);
});

Deno.test("spanWithin() gives the whole scalar where escapes came between", () => {
  assert.deepEqual(place('a: "\\x67o ${{ x.y }}"\n', "x.y"), [1, 4]);
});
