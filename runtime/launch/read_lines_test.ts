import assert from "node:assert/strict";
import * as fc from "fast-check";
import { readLines } from "./read_lines.ts";

function stream(pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  const queue = pieces.filter((piece) => piece.length > 0).map((piece) => piece.slice());
  return new ReadableStream({
    type: "bytes",
    pull(controller) {
      const next = queue.shift();
      if (next === undefined) {
        controller.close();
        controller.byobRequest?.respond(0);
      } else controller.enqueue(next);
    },
  });
}

Deno.test("readLines() gives the lines whatever the pieces are", async () => {
  const line = fc.string({ unit: fc.constantFrom("a", "é", "𝄞", " ") });
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.integer({ min: 1, max: 7 }), async (lines, size) => {
      const bytes = new TextEncoder().encode(lines.map((text) => `${text}\n`).join(""));
      const pieces = [];
      for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
      assert.deepEqual(await Array.fromAsync(readLines(stream(pieces))), lines);
    }),
  );
});

Deno.test("readLines() gives out a line that is too long in parts", async () => {
  const pieces = [new Uint8Array(100).fill(97), new TextEncoder().encode("b\nc")];
  const lines = await Array.fromAsync(readLines(stream(pieces), 50));
  assert.deepEqual(lines, ["a".repeat(100), "b", "c"]);
});

Deno.test("readLines() leaves out what is not wanted, also of a line that came in pieces", async () => {
  const pieces = ["one\ntw", "o\n\nthr", "ee\nfour"].map((text) => new TextEncoder().encode(text));
  const seen: number[] = [];
  const wanted = (line: Uint8Array) => seen.push(line.length) !== 2 && line.length > 0;
  assert.deepEqual(
    await Array.fromAsync(readLines(stream(pieces), undefined, wanted)),
    ["one", "three", "four"],
  );
  assert.deepEqual(seen, [3, 3, 0, 5, 4]);
});

Deno.test("readLines() lets timers have their turn, though there is always more to read", async () => {
  const full = new Uint8Array(16 * 1024).fill(10);
  let told = false;
  let pieces = 0;
  const endless = new ReadableStream({
    type: "bytes",
    pull(controller) {
      if (told || ++pieces === 100_000) {
        controller.close();
        controller.byobRequest?.respond(0);
      } else controller.enqueue(full.slice());
    },
  });
  setTimeout(() => told = true);
  const lines = await Array.fromAsync(readLines(endless, undefined, () => false));
  assert.deepEqual(lines, []);
  assert.ok(told);
});
