// flags: --allow-read=<project>,<tmp> --allow-write=<tmp>
import assert from "node:assert/strict";
import { constants, zstdCompressSync } from "node:zlib";
import { zstdFrame } from "./zstd_frame.ts";
import { readZstd } from "./zstd_reader.ts";
import { writeZstd } from "./zstd_writer.ts";

function content(bytes: number): Uint8Array {
  const part = crypto.getRandomValues(new Uint8Array(Math.min(bytes, 60_000)));
  const whole = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += part.length + 1000) {
    whole.set(part.subarray(0, bytes - at), at);
  }
  return whole;
}

async function compress(bytes: Uint8Array, chunk: number): Promise<Uint8Array> {
  const out: number[] = [];
  await using zstd = await writeZstd((part) => {
    for (const byte of part) out.push(byte);
    return Promise.resolve();
  });
  for (let at = 0; at < bytes.length; at += chunk) await zstd.write(bytes.subarray(at, at + chunk));
  await zstd.end();
  return new Uint8Array(out);
}

async function decompress(bytes: Uint8Array): Promise<Uint8Array> {
  const path = await Deno.makeTempFile();
  await Deno.writeFile(path, bytes);
  using file = await Deno.open(path);
  await using zstd = await readZstd(file, "the file", () => {});
  const parts: Uint8Array[] = [];
  for (let next = await zstd.chunks.next(); !next.done; next = await zstd.chunks.next()) {
    parts.push(next.value);
  }
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}

Deno.test("writeZstd() gives the same frame however the content is cut up, and readZstd() reads it", async () => {
  for (const size of [0, 1, 262_144, 700_001]) {
    const bytes = content(size);
    const frame = await compress(bytes, 1_000_000);
    assert.deepEqual(await compress(bytes, 777), frame);
    assert.deepEqual(await decompress(frame), bytes);
  }
});

Deno.test("writeZstd() rejects with the error of what takes its output", async () => {
  const bytes = crypto.getRandomValues(new Uint8Array(60_000));
  await using zstd = await writeZstd(() => Promise.reject(new Error("disk full")));
  await assert.rejects(async () => {
    for (let i = 0; i < 100; i++) await zstd.write(bytes);
    await zstd.end();
  }, /disk full/);
});

Deno.test("readZstd() rejects a frame that lacks its end, though all content has come", async () => {
  const params = { [constants.ZSTD_c_checksumFlag]: 1 };
  const frame = new Uint8Array(zstdCompressSync(content(1000), { params }));
  assert.equal((await decompress(frame)).length, 1000);
  await assert.rejects(decompress(frame.slice(0, -4)), /cut off/);
  await assert.rejects(decompress(new Uint8Array([...frame, 0])), /goes on after its end/);
});

Deno.test("readZstd() ends at once when it is disposed of in the middle", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeFile(path, zstdCompressSync(content(20_000_000)));
  using file = await Deno.open(path);
  {
    await using zstd = await readZstd(file, "the file", () => {});
    await zstd.chunks.next();
  }
  await using _never = await readZstd(file, "the file", () => {});
});

Deno.test("zstdFrame() finds every cut and everything that follows, in chunks of any size", () => {
  const frames = [
    zstdCompressSync(content(1000)),
    zstdCompressSync(new Uint8Array(500_000)), // Blocks that are one byte repeated.
    zstdCompressSync(content(300_000)),
    zstdCompressSync(new Uint8Array()),
  ].map((frame) => new Uint8Array(frame));
  for (const frame of frames) {
    for (const chunk of [1, 3, 1000, frame.length]) {
      const whole = feed(frame, chunk);
      whole.end();
      assert.throws(() => whole.push(new Uint8Array(1)), /goes on after its end/);
    }
    const step = Math.max(1, Math.floor(frame.length / 50));
    for (let end = 0; end < frame.length; end += step) {
      assert.throws(() => feed(frame.subarray(0, end), 1000).end(), /cut off/, `${end}`);
    }
  }
  assert.throws(() => feed(new TextEncoder().encode("not zstd"), 10), /not compressed with zstd/);
  // A skippable frame holds nothing, and could hide anything.
  const skippable = new Uint8Array([0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]);
  assert.throws(() => feed(skippable, 10), /not compressed with zstd/);
});

function feed(bytes: Uint8Array, chunk: number) {
  const frame = zstdFrame("the file");
  for (let at = 0; at < bytes.length; at += chunk) frame.push(bytes.subarray(at, at + chunk));
  return frame;
}
