import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { zstdDecompressSync } from "node:zlib";
import { zstdFrame } from "./zstd_frame.ts";
import { writeZstd } from "./zstd_writer.ts";

/** Text that compresses to about half: pseudo-random hex digits, always the same ones. */
function digits(count: number): Uint8Array {
  const text = new Uint8Array(count);
  let state = 0x2545f491;
  for (let at = 0; at < count; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    text[at] = "0123456789abcdef".charCodeAt(state & 15);
  }
  return text;
}

Deno.test("writeZstd() makes one frame, wherever its end falls in the compressor's buffer", async () => {
  const data = digits(1_300_000);
  // From 1,000,000 on, the end of the frame crosses the end of a buffer.
  for (let size = 960_000; size <= 1_080_000; size += 20_000) {
    const chunks: Uint8Array[] = [];
    await using zstd = await writeZstd((chunk) => {
      chunks.push(chunk.slice());
      return Promise.resolve();
    });
    await zstd.write(data.subarray(0, size));
    await zstd.end();
    const compressed = Buffer.concat(chunks);
    const frame = zstdFrame("it");
    frame.push(compressed);
    frame.end();
    const decompressed = zstdDecompressSync(compressed);
    assert.ok(decompressed.equals(data.subarray(0, size)), `${size}`);
  }
});
