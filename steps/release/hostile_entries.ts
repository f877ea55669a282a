import { add, entry, type HostileCase, invalid, metadata, text } from "./hostile_case.ts";

/** Bundles that hold something beyond, or instead of, what was signed. Of the tests. */
export const hostileEntries: Readonly<Record<string, HostileCase>> = {
  "a file that was not signed": {
    exit: invalid,
    why: /not in the signed/,
    spoil: add({ name: "files/extra", content: "x" }),
  },
  "a link that was not signed": {
    exit: invalid,
    why: /not in the signed/,
    spoil: add({ name: "files/extra", type: "2", target: "a" }),
  },
  "a folder that was not signed": {
    exit: invalid,
    why: /not in the signed/,
    spoil: add({ name: "files/extra/", type: "5" }),
  },
  "a link in place of a file": {
    exit: invalid,
    why: /not in the signed/,
    spoil: entry("files/a", { type: "2", content: "", target: "/etc/passwd" }),
  },
  "a file in place of a link": {
    exit: invalid,
    why: /not in the signed/,
    spoil: entry("files/l", { type: "0", target: "", content: "a" }),
  },
  "a link that leads elsewhere than signed": {
    exit: invalid,
    why: /was signed/,
    spoil: entry("files/l", { target: "d/b" }),
  },
  "a link to a place under /usr that was not signed": {
    exit: invalid,
    why: /was signed/,
    spoil: entry("files/l", { target: "/usr/bin/python3" }),
  },
  "an absolute name": {
    exit: invalid,
    why: /absolute/,
    spoil: add({ name: "/tmp/escaped", content: "x" }),
  },
  "a name that climbs": {
    exit: invalid,
    why: /'\.\.'/,
    spoil: add({ name: "files/../../escaped", content: "x" }),
  },
  "a folder that climbs": {
    exit: invalid,
    why: /'\.\.'/,
    spoil: add({ name: "files/../../escaped/", type: "5" }),
  },
  "a name with a dot": {
    exit: invalid,
    why: /'\.'/,
    spoil: entry("files/a", { name: "./files/a" }),
  },
  "a name that is not UTF-8": {
    exit: invalid,
    why: /UTF-8/,
    spoil: add({ name: new Uint8Array([0x66, 0xff, 0x2f]), content: "x" }),
  },
  "a file twice": {
    exit: invalid,
    why: /there twice/,
    spoil: add({ name: "files/a", content: "alpha" }),
  },
  "a folder twice": {
    exit: invalid,
    why: /there twice/,
    spoil: add({ name: "files/", type: "5" }, { name: "files/", type: "5" }),
  },
  "a file that is missing": {
    exit: invalid,
    why: /"files\/a" is missing/,
    spoil: ({ entries }) => entries.shift(),
  },
  "a link that is missing": {
    exit: invalid,
    why: /"files\/l" is missing/,
    spoil: ({ entries }) => entries.splice(2, 1),
  },
  "a folder that is missing": {
    exit: invalid,
    why: /"files\/e" is missing/,
    spoil: metadata({ folders: ["files/e"] }),
  },
  "another content of the same size": {
    exit: invalid,
    why: /content of "files\/a"/,
    spoil: entry("files/a", { content: "alphb" }),
  },
  "another content of a large file": {
    exit: invalid,
    why: /content of "files\/big"/,
    spoil: (bundle) => {
      bundle.contents["files/big"] = text(3_000_000);
      bundle.entries.push({ name: "files/big", content: text(2_999_999) + "y" });
    },
  },
  "a file that is longer than signed": {
    exit: invalid,
    why: /6 bytes, and 5/,
    spoil: entry("files/a", { content: "alpha!" }),
  },
  "a file that is shorter than signed": {
    exit: invalid,
    why: /4 bytes, and 5/,
    spoil: entry("files/a", { content: "alph" }),
  },
  "a bomb": {
    exit: invalid,
    why: /and 5 were signed/,
    spoil: entry("files/a", { content: new Uint8Array(50_000_000) }),
  },
};
