import assert from "node:assert/strict";
import fc from "fast-check";
import { formatSize, parseSize } from "./size.ts";

Deno.test("parseSize() knows bytes and binary units", () => {
  assert.equal(parseSize("512"), 512);
  assert.equal(parseSize("512B"), 512);
  assert.equal(parseSize("10KiB"), 10_240);
  assert.equal(parseSize("2GiB"), 2 ** 31);
});

Deno.test("parseSize() refuses everything else", () => {
  for (const text of ["", "KiB", "1.5GiB", "10K", "10 MiB", "-1", "999999999999TiB"]) {
    assert.equal(parseSize(text), undefined, text);
  }
});

Deno.test("formatSize() is what parseSize() reads", () => {
  fc.assert(fc.property(fc.nat(10 ** 11), (bytes) => {
    assert.equal(parseSize(formatSize(bytes)), bytes);
  }));
});
