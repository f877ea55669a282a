import { Buffer } from "node:buffer";
import { deflateRawSync } from "node:zlib";
import { good, type HostileZip, mib, named, withEntries, zeros } from "./hostile_parts.ts";
import { bytes, extra, type RawEntry, rawZip } from "./raw_zip.ts";

/** Bytes that compress to about half, always the same ones. */
const large = Uint8Array.from(
  { length: 400_000 },
  (_, at) => Math.imul(at ^ (at >>> 3), 0x9e3779b1) >>> 28,
);

function spoiled(data: Uint8Array): Uint8Array {
  return data.map((byte, at) => at > 1000 && at < 1100 ? ~byte : byte);
}

/** Every member overlaps the next: each header stands, stored, in the data of the one before. */
function quine(): Uint8Array {
  const inner = rawZip({ entries: [{ name: "b", content: "evil", method: 0 }] });
  const local = inner.subarray(0, 30 + 1 + 4);
  return rawZip({
    entries: [
      good,
      { name: "a", content: local, method: 0 },
      {
        name: "b",
        content: "evil",
        method: 0,
        shared: true,
        central: { offset: offsetOf({ name: "a", content: local, method: 0 }) + 31 },
      },
    ],
  });
}

/** Where an entry's local header is that follows the manifest. */
function offsetOf(entry: RawEntry): number {
  const zip = Buffer.from(rawZip({ entries: [good, entry] }));
  return zip.indexOf(Buffer.from([0x50, 0x4b, 3, 4]), 4);
}

/** Zips with too much in them, or with what does not unpack to what is said. Of the tests. */
export const hostileContents: Readonly<Record<string, HostileZip>> = {
  // Too much.
  "a bomb": [named("bomb", { content: zeros(8 * mib) }), /more than 200 times/],
  "a bomb that says it is small": [
    named("bomb", { content: zeros(8 * mib), local: { size: 9 }, central: { size: 9 } }),
    /"bomb".*does not unpack to the 9 bytes/,
  ],
  "a bomb that says nothing": [
    named("bomb", { content: zeros(8 * mib), local: { size: 0 }, central: { size: 0 } }),
    /does not unpack to the 0 bytes/,
  ],
  "a file too large": [named("f", { central: { size: 17 * mib } }), /more than 16777216/],
  "a file of 4 GiB": [named("f", { central: { size: 0xfffffffe } }), /more than 16777216/],
  "too much in all": [
    withEntries(
      ...[1, 2, 3].map((n) => ({ name: `f${n}`, method: 0, content: zeros(9 * mib) })),
    ),
    /"f3".*more than 25165824 bytes/,
  ],
  "too many entries": [
    withEntries(...Array.from({ length: 50 }, (_, n) => ({ name: `f${n}` }))),
    /51 entries, more than 50/,
  ],
  "too many folders": [named("d/".repeat(60) + "f"), /more than 50 files and folders/],
  "overlapping data": [quine, /overlaps/],
  "an entry that is told twice": [
    withEntries(
      { name: "a", content: "evil" },
      { name: "b", content: "evil", shared: true },
    ),
    /overlaps|another name/,
  ],

  // What cannot be unpacked.
  "encrypted": [named("a", { flags: 0x801 }), /encrypted/],
  "strongly encrypted": [named("a", { flags: 0x841 }), /encrypted/],
  "encrypted by AES": [
    named("a", { method: 99, flags: 0x801, central: { extra: extra(0x9901, zeros(7)) } }),
    /encrypted/,
  ],
  "masked headers": [named("a", { flags: 0x2800 }), /encrypted/],
  "a patch": [named("a", { flags: 0x820 }), /a patch/],
  "deflate64": [named("a", { method: 9 }), /compression \(9\)/],
  "bzip2": [named("a", { method: 12 }), /compression \(12\)/],
  "lzma": [named("a", { method: 14 }), /compression \(14\)/],
  "zstd": [named("a", { method: 93 }), /compression \(93\)/],

  // Lies about content.
  "a wrong CRC": [
    named("a", { local: { crc32: 1 }, central: { crc32: 1 } }),
    /"a".*CRC is wrong/,
  ],
  "a wrong CRC of what is stored": [
    named("a", { method: 0, local: { crc32: 1 }, central: { crc32: 1 } }),
    /CRC is wrong/,
  ],
  "an empty file with a CRC": [
    named("a", { content: "", method: 0, local: { crc32: 1 }, central: { crc32: 1 } }),
    /CRC is wrong/,
  ],
  "a size too large": [
    named("a", { local: { size: 99 }, central: { size: 99 } }),
    /does not unpack to the 99 bytes/,
  ],
  "stored, with another size": [
    named("a", { method: 0, local: { size: 9 }, central: { size: 9 } }),
    /two sizes differ/,
  ],
  "damaged data": [named("a", { data: zeros(8).fill(0xff) }), /damaged/],
  "data that is cut off": [
    named("a", {
      content: "x".repeat(1000),
      data: deflateRawSync("x".repeat(1000)).subarray(0, 5),
    }),
    /"a".*damaged/,
  ],
  "something behind the data": [
    named("a", { data: Buffer.concat([deflateRawSync("evil"), bytes("hidden")]) }),
    /6 bytes follow its compressed data/,
  ],

  // The same of files that are unpacked piece by piece.
  "a large file with a wrong CRC": [
    named("a", { content: large, local: { crc32: 1 }, central: { crc32: 1 } }),
    /"a".*CRC is wrong/,
  ],
  "a large stored file with a wrong CRC": [
    named("a", { content: large, method: 0, local: { crc32: 1 }, central: { crc32: 1 } }),
    /CRC is wrong/,
  ],
  "a large file with a size too large": [
    named("a", { content: large, local: { size: 400_001 }, central: { size: 400_001 } }),
    /does not unpack to the 400001 bytes/,
  ],
  "a large file with a size too small": [
    named("a", { content: large, local: { size: 399_999 }, central: { size: 399_999 } }),
    /does not unpack to the 399999 bytes/,
  ],
  "a large file that is damaged": [
    named("a", { content: large, data: spoiled(deflateRawSync(large)) }),
    /"a".*damaged/,
  ],
  "a large file that is cut off": [
    named("a", { content: large, data: deflateRawSync(large).subarray(0, -9) }),
    /"a".*(damaged|does not unpack)/,
  ],
  "something behind the data of a large file": [
    named("a", { content: large, data: Buffer.concat([deflateRawSync(large), bytes("hidden")]) }),
    /6 bytes follow it/,
  ],
  "a bomb of many bytes that says it is large": [
    named("a", { content: zeros(20 * mib), local: { size: mib }, central: { size: mib } }),
    /does not unpack to the 1048576 bytes/,
  ],
};
