const newline = 10;
const pieceSize = 16 * 1024;

/**
 * Cuts a byte stream into lines, without their ends. A line that grows beyond `longest` bytes is given
 * out in parts, so that a child cannot fill the memory of the launcher.
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
): AsyncGenerator<string> {
  let held: Uint8Array[] = [];
  let size = 0;
  const take = () => {
    const line = decode(held, size);
    held = [];
    size = 0;
    return line;
  };
  for await (const piece of pieces(stream)) {
    let from = 0;
    for (let end = piece.indexOf(newline); end >= 0; end = piece.indexOf(newline, from)) {
      held.push(piece.subarray(from, end));
      size += end - from;
      yield take();
      from = end + 1;
    }
    if (from < piece.length) {
      held.push(piece.subarray(from));
      size += piece.length - from;
      if (size > longest) yield take();
    }
  }
  if (size > 0) yield take();
}

async function* pieces(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader({ mode: "byob" });
  try {
    while (true) {
      const { done, value } = await reader.read(new Uint8Array(pieceSize));
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}

function decode(held: readonly Uint8Array[], size: number): string {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of held) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return new TextDecoder().decode(bytes);
}
