const newline = 10;
const pieceSize = 16 * 1024;
const decoder = new TextDecoder();
/** Milliseconds after which timers, signals and other streams have their turn. */
const longestTurn = 10;

/**
 * Cuts a byte stream into lines, without their ends. A line that grows beyond `longest` bytes is given
 * out in parts, so that a child cannot fill the memory of the launcher.
 *
 * @param wanted asked of each line before it costs anything; what is not wanted is left out
 *
 * @example
 * ```ts
 * import { readLines } from "./read_lines.ts";
 * import assert from "node:assert/strict";
 *
 * const lines = await Array.fromAsync(readLines(new Blob(["one\ntwo"]).stream()));
 * assert.deepEqual(lines, ["one", "two"]);
 * ```
 */
export async function* readLines(
  stream: ReadableStream<Uint8Array>,
  longest = 32 * 1024 * 1024,
  wanted: (line: Uint8Array) => boolean = () => true,
): AsyncGenerator<string> {
  let held: Uint8Array[] = [];
  let size = 0;
  const take = () => {
    const line = held.length === 1 ? held[0]! : joined(held, size);
    held = [];
    size = 0;
    return line;
  };
  for await (const piece of pieces(stream)) {
    let from = 0;
    for (let end = piece.indexOf(newline); end >= 0; end = piece.indexOf(newline, from)) {
      held.push(piece.subarray(from, end));
      size += end - from;
      const line = take();
      if (wanted(line)) yield decoder.decode(line);
      from = end + 1;
    }
    if (from < piece.length) {
      held.push(piece.subarray(from));
      size += piece.length - from;
      if (size > longest) {
        const line = take();
        if (wanted(line)) yield decoder.decode(line);
      }
    }
  }
  if (size > 0) {
    const line = take();
    if (wanted(line)) yield decoder.decode(line);
  }
}

async function* pieces(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader({ mode: "byob" });
  let turned = performance.now();
  try {
    while (true) {
      const { done, value } = await reader.read(new Uint8Array(pieceSize));
      if (done) return;
      yield value;
      // What is there already is read at once: a child that never stops would keep all else waiting,
      // its own deadline too.
      if (performance.now() - turned > longestTurn) {
        await new Promise((resolve) => setTimeout(resolve));
        turned = performance.now();
      }
    }
  } finally {
    reader.releaseLock();
  }
}

function joined(held: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of held) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
