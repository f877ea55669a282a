import { InvalidInputError } from "../../../engine/errors.ts";
import { most } from "./worker_protocol.ts";

const newline = 10;
const pieceSize = 64 * 1024;

/**
 * Cuts what comes over a connection into lines, and holds no more than one of them.
 *
 * @param longest bytes of a line
 * @throws InvalidInputError for a longer line, one that is no UTF-8, and an end within a line
 *
 * @example
 * ```ts
 * import { messageLines } from "./message_lines.ts";
 * import assert from "node:assert/strict";
 *
 * const pieces = ["on", "e\ntwo\n"].map((text) => new TextEncoder().encode(text));
 * const read = (into: Uint8Array) => {
 *   const piece = pieces.shift();
 *   if (piece !== undefined) into.set(piece);
 *   return Promise.resolve(piece?.length ?? null);
 * };
 * assert.deepEqual(await Array.fromAsync(messageLines({ read })), ["one", "two"]);
 * ```
 */
export async function* messageLines(
  source: Pick<Deno.Conn, "read">,
  longest: number = most.line,
): AsyncGenerator<string> {
  const piece = new Uint8Array(pieceSize);
  let held: Uint8Array[] = [];
  let size = 0;
  for (let count = await source.read(piece); count !== null; count = await source.read(piece)) {
    let from = 0;
    for (let end = piece.indexOf(newline); end >= 0 && end < count;) {
      const rest = piece.subarray(from, end);
      if (size + rest.length > longest) throw tooLong(longest);
      yield decode(held, size, rest);
      held = [];
      size = 0;
      from = end + 1;
      end = piece.indexOf(newline, from);
    }
    if (from === count) continue;
    held.push(piece.slice(from, count));
    size += count - from;
    if (size > longest) throw tooLong(longest);
  }
  if (size > 0) throw new InvalidInputError("the connection ended within a message");
}

function tooLong(longest: number): InvalidInputError {
  return new InvalidInputError(`a message is longer than ${longest} bytes`);
}

function decode(held: readonly Uint8Array[], size: number, rest: Uint8Array): string {
  let bytes = rest;
  if (held.length > 0) {
    bytes = new Uint8Array(size + rest.length);
    let at = 0;
    for (const part of [...held, rest]) {
      bytes.set(part, at);
      at += part.length;
    }
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new InvalidInputError("a message is no UTF-8");
  }
}
