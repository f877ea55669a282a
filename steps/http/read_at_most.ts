/**
 * Reads a body whole where it has at most so many bytes; of a longer one no more is read, and nothing
 * is given.
 *
 * @example
 * ```ts
 * import { readAtMost } from "./read_at_most.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal((await readAtMost(new Response("abc").body, 3))?.length, 3);
 * assert.equal(await readAtMost(new Response("abcd").body, 3), undefined);
 * ```
 */
export async function readAtMost(
  body: AsyncIterable<Uint8Array> | null,
  most: number,
): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body ?? []) {
    size += piece.length;
    // Leaving the loop cancels the body, or destroys the answer.
    if (size > most) return undefined;
    pieces.push(piece);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
