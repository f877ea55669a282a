import assert from "node:assert/strict";
import { writerTo } from "./write_output.ts";

/** A stream that takes three bytes at a time, and fails once it has taken so many. */
function stream(most: number, error: Error) {
  const taken: number[] = [];
  const writeSync = (bytes: Uint8Array) => {
    if (taken.length >= most) throw error;
    const piece = bytes.subarray(0, 3);
    taken.push(...piece);
    return piece.length;
  };
  return { writeSync, text: () => new TextDecoder().decode(new Uint8Array(taken)) };
}

Deno.test("writerTo() writes all of a text, and falls silent when the reader is gone", () => {
  const lost: string[] = [];
  const { writeSync, text } = stream(9, new Deno.errors.BrokenPipe("gone"));
  const write = writerTo({ writeSync }, (reason) => lost.push(reason));
  write("abcdefg");
  write("hijklmn");
  write("op");
  assert.equal(text(), "abcdefghij");
  assert.deepEqual(lost, []);
});

Deno.test("writerTo() tells once that text was lost", () => {
  const lost: string[] = [];
  const { writeSync } = stream(0, new Error("No space left on device"));
  const write = writerTo({ writeSync }, (reason) => lost.push(reason));
  write("a");
  write("b");
  assert.deepEqual(lost, ["No space left on device"]);
});
