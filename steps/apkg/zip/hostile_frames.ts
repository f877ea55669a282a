import { Buffer } from "node:buffer";
import { framed, good, type HostileZip, manifest, named, zeros } from "./hostile_parts.ts";
import { bytes, descriptorOf, extra, numbers, rawZip } from "./raw_zip.ts";

const other = () => rawZip({ entries: [{ name: "agent.yaml", content: manifest }] });
/** A whole good package behind something else. */
const appended = () => Buffer.concat([bytes("#!/bin/sh\nexec true\n"), other()]);

/** Zips that can be read in two ways. Of the tests. */
export const hostileFrames: Readonly<Record<string, HostileZip>> = {
  // Two headers, two stories.
  "another name of its own": [
    named("fine.py", { local: { name: "evil.py" } }),
    /"fine\.py".*another name, "evil\.py"/,
  ],
  "a longer name of its own": [named("a", { local: { name: "a/../../b" } }), /another name/],
  "another compression": [named("a", { local: { method: 0 } }), /differ: compression/],
  "other flags": [named("a", { local: { flags: 0x801 } }), /differ: flags/],
  "other sizes": [named("a", { local: { size: 3 } }), /differ: sizes/],
  "another CRC": [named("a", { local: { crc32: 7 } }), /differ: CRC/],
  "no local header": [named("a", { local: { signature: 0x04034b51 } }), /not where it is said/],
  "an offset beyond the end": [named("a", { central: { offset: 99_999 } }), /beyond the entries/],
  "an offset into another entry": [named("a", { central: { offset: 3 } }), /overlaps|not where/],
  "data beyond the entries": [
    named("a", {
      method: 0,
      local: { compressed: 999, size: 999 },
      central: { compressed: 999, size: 999 },
    }),
    /beyond the entries/,
  ],
  "a descriptor that lies": [
    named("a", { flags: 0x808, descriptor: descriptorOf("other", 6) }),
    /descriptor differs/,
  ],
  "a descriptor that is missing": [named("a", { flags: 0x808 }), /descriptor has 0 bytes/],
  "a descriptor that is malformed": [
    named("a", { flags: 0x808, descriptor: zeros(16) }),
    /descriptor is malformed/,
  ],
  "an entry on another disk": [named("a", { central: { disk: 1 } }), /another file of several/],

  // zip64.
  "a zip64 size that is missing": [
    named("a", { central: { size: 0xffffffff } }),
    /zip64 sizes are missing/,
  ],
  "a zip64 size that is absurd": [
    named("a", { central: { size: 0xffffffff, extra: extra(1, zeros(8).fill(0xff)) } }),
    /zip64 sizes are missing or absurd/,
  ],
  "a zip64 size that is large": [
    named("a", {
      central: { size: 0xffffffff, extra: extra(1, numbers([2 ** 40, 8])) },
    }),
    /more than 16777216/,
  ],
  "two zip64 sizes": [
    named("a", {
      central: { extra: Buffer.concat([extra(1, zeros(8)), extra(1, zeros(8))]) },
    }),
    /same extra field twice/,
  ],
  "extra fields that end too late": [
    named("a", { central: { extra: numbers([7, 2], [99, 2]) } }),
    /extra fields are malformed/,
  ],
  "a zip64 end that nothing asks for": [framed({ wide: {} }), /does not ask for/],
  "a zip64 end with another count": [
    framed({ wide: { here: 1, entries: 1 }, end: { size: 0xffffffff } }),
    /two ends.*differ/,
  ],
  "a zip64 end elsewhere": [
    framed({ wide: { locator: 3 }, end: { size: 0xffffffff } }),
    /not where it is said/,
  ],
  "a zip64 end that is missing": [framed({ end: { offset: 0xffffffff } }), /zip64 .* missing/],

  // The frame.
  "nothing": [() => zeros(0), /it is empty/],
  "a zip of nothing": [() => rawZip({ entries: [] }), /holds nothing/],
  "no zip": [() => bytes("PK, but no zip at all, in thirty bytes"), /no zip/],
  "too short": [() => bytes("PK"), /no zip/],
  "cut off": [() => other().slice(0, -30), /cut off/],
  "cut off within its end": [() => other().slice(0, -1), /cut off/],
  "something before it": [appended, /bytes stand before/],
  "something before it, told": [
    () => {
      const before = bytes("#!/bin/sh\n");
      return rawZip({ entries: [{ ...good, before }] });
    },
    /10 bytes stand before its first entry/,
  ],
  "something behind it": [framed({ suffix: bytes("trailing") }), /something follows/],
  "one behind another": [() => Buffer.concat([other(), other()]), /bytes stand before/],
  "an end in the comment": [framed({ comment: other().slice(-22) }), /two ends/],
  "an end in a longer comment": [
    framed({ comment: Buffer.concat([other().slice(-22), bytes("and more")]) }),
    /two ends/,
  ],
  "something between the entries": [
    named("a", { before: bytes("hidden") }),
    /6 bytes that belong to nothing/,
  ],
  "something before the directory": [framed({ between: bytes("hidden") }), /belong to nothing/],
  "something in the directory": [framed({ directoryTail: bytes("hidden") }), /6 bytes follow/],
  "a count too small": [framed({ end: { here: 1, entries: 1 } }), /bytes follow the last entry/],
  "a count too large": [framed({ end: { here: 3, entries: 3 } }), /holds 2 entries, and 3/],
  "two counts": [framed({ end: { here: 1 } }), /several files/],
  "one of several disks": [framed({ end: { disk: 1 } }), /several files/],
  "a directory elsewhere": [framed({ end: { offset: 0 } }), /bytes stand before/],
  "a directory beyond the end": [framed({ end: { size: 99_999 } }), /beyond its end/],
};
