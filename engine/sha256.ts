/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const rounds = words(`
  428a2f98 71374491 b5c0fbcf e9b5dba5 3956c25b 59f111f1 923f82a4 ab1c5ed5
  d807aa98 12835b01 243185be 550c7dc3 72be5d74 80deb1fe 9bdc06a7 c19bf174
  e49b69c1 efbe4786 0fc19dc6 240ca1cc 2de92c6f 4a7484aa 5cb0a9dc 76f988da
  983e5152 a831c66d b00327c8 bf597fc7 c6e00bf3 d5a79147 06ca6351 14292967
  27b70a85 2e1b2138 4d2c6dfc 53380d13 650a7354 766a0abb 81c2c92e 92722c85
  a2bfe8a1 a81a664b c24b8b70 c76c51a3 d192e819 d6990624 f40e3585 106aa070
  19a4c116 1e376c08 2748774c 34b0bcb5 391c0cb3 4ed8aa4a 5b9cca4f 682e6ff3
  748f82ee 78a5636f 84c87814 8cc70208 90befffa a4506ceb bef9a3f7 c67178f2`);
/** The same of the square roots of the first 8. */
const initial = words("6a09e667 bb67ae85 3c6ef372 a54ff53a 510e527f 9b05688c 1f83d9ab 5be0cd19");

const blockSize = 64;
const schedule = new Int32Array(64);

/**
 * SHA-256 (FIPS 180-4) of a text as UTF-8, or of bytes, in lower-case hex.
 *
 * For what is small and hashed at every start: names of sets and plans, lines of a journal. Loading
 * `node:crypto` takes longer than a whole process of Deno takes to start, and WebCrypto answers later.
 * Whatever has the size of a file is hashed by `node:crypto`, which is ten times as fast.
 *
 * @example
 * ```ts
 * import { sha256 } from "./sha256.ts";
 * import assert from "node:assert/strict";
 *
 * assert.match(sha256("abc"), /^ba7816bf8f01cfea/);
 * ```
 */
export function sha256(data: string | Uint8Array): string {
  const blocks = padded(typeof data === "string" ? new TextEncoder().encode(data) : data);
  const state = initial.slice();
  for (let at = 0; at < blocks.byteLength; at += blockSize) compress(state, blocks, at);
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, index) => digest.setInt32(4 * index, word));
  return new Uint8Array(digest.buffer).toHex();
}

/** Whole blocks: the bytes, one bit, zeros, and the number of bits in the last eight bytes. */
function padded(bytes: Uint8Array): DataView {
  const blocks = new Uint8Array(Math.ceil((bytes.length + 9) / blockSize) * blockSize);
  blocks.set(bytes);
  blocks[bytes.length] = 0x80;
  const view = new DataView(blocks.buffer);
  view.setBigUint64(blocks.length - 8, BigInt(bytes.length) * 8n);
  return view;
}

function compress(state: Int32Array, blocks: DataView, at: number): void {
  const w = schedule;
  for (let t = 0; t < 16; t++) w[t] = blocks.getInt32(at + 4 * t);
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15]!;
    const y = w[t - 2]!;
    w[t] = w[t - 16]! + w[t - 7]! + (right(x, 7) ^ right(x, 18) ^ (x >>> 3)) +
      (right(y, 17) ^ right(y, 19) ^ (y >>> 10));
  }
  let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!;
  let e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!;
  for (let t = 0; t < 64; t++) {
    const chosen = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const first = h + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + chosen + rounds[t]! + w[t]!;
    const second = (right(a, 2) ^ right(a, 13) ^ right(a, 22)) + majority;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
}

/** Rotates 32 bits to the right. */
function right(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function words(hex: string): Int32Array {
  return Int32Array.from(hex.trim().split(/\s+/), (word) => parseInt(word, 16));
}
