import { zstdCompressSync } from "node:zlib";
import { type HostileCase, invalid } from "./hostile_case.ts";
import { join, rawEntry } from "./raw_bundle.ts";

/** Bundles that are cut off, damaged or appended to. Of the tests. */
export const hostileFrames: Readonly<Record<string, HostileCase>> = {
  "an archive without an end": {
    exit: invalid,
    why: /cut off/,
    spoil: (bundle) => bundle.end = new Uint8Array(),
  },
  "an archive with half an end": {
    exit: invalid,
    why: /cut off/,
    spoil: (bundle) => bundle.end = new Uint8Array(512),
  },
  "an archive that ends within a file": {
    exit: invalid,
    why: /cut off/,
    spoil: (bundle) => {
      bundle.entries.pop();
      bundle.end = rawEntry({ name: "LICENSE", content: "MIT\n" }).slice(0, 514);
    },
  },
  "an entry after the end": {
    exit: invalid,
    why: /goes on after its end/,
    spoil: (bundle) => {
      bundle.end = join([
        new Uint8Array(1024),
        rawEntry({ name: "files/x" }),
        new Uint8Array(1024),
      ]);
    },
  },
  "an entry after half an end": {
    exit: invalid,
    why: /goes on after its end/,
    spoil: (bundle) => {
      bundle.end = join([new Uint8Array(512), rawEntry({ name: "files/x" }), new Uint8Array(1024)]);
    },
  },
  "endless zeros after the end": {
    exit: invalid,
    why: /goes on after its end/,
    spoil: (bundle) => bundle.end = new Uint8Array(100_000_000),
  },
  "a file that is not compressed": {
    exit: invalid,
    why: /not compressed with zstd/,
    spoil: (bundle) => bundle.compress = (tar) => tar,
  },
  "an empty file": {
    exit: invalid,
    why: /cut off/,
    spoil: (b) => b.spoil = () => new Uint8Array(),
  },
  "a bundle that is cut off by one byte": {
    exit: invalid,
    why: /cut off/,
    spoil: (bundle) => bundle.spoil = (bytes) => bytes.slice(0, -1),
  },
  "a bundle that is cut off in the middle": {
    exit: invalid,
    why: /cut off/,
    spoil: (bundle) => bundle.spoil = (bytes) => bytes.slice(0, bytes.length >> 1),
  },
  "bytes after the bundle": {
    exit: invalid,
    why: /goes on after its end/,
    spoil: (bundle) => bundle.spoil = (bytes) => join([bytes, new Uint8Array([1])]),
  },
  "a second frame after the bundle": {
    exit: invalid,
    why: /goes on after its end/,
    spoil: (bundle) => {
      bundle.spoil = (bytes) => join([bytes, new Uint8Array(zstdCompressSync(new Uint8Array(9)))]);
    },
  },
  "a bundle with a damaged block": {
    exit: invalid,
    why: /damaged|cut off|content of|after its end|refused/,
    spoil: (bundle) => {
      bundle.spoil = (bytes) => {
        bytes.fill(0xff, bytes.length - 40, bytes.length - 20);
        return bytes;
      };
    },
  },
};
