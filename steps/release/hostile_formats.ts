import { add, entry, gnuMagic, type HostileCase, invalid, text } from "./hostile_case.ts";
import { paxRecord } from "./raw_bundle.ts";

/** Bundles with entries that tar allows and we do not. Of the tests. */
export const hostileFormats: Readonly<Record<string, HostileCase>> = {
  "a hard link": {
    exit: invalid,
    why: /hard link/,
    spoil: entry("files/a", { type: "1", content: "", target: "/etc/passwd" }),
  },
  "a character device": {
    exit: invalid,
    why: /character device/,
    spoil: add({ name: "files/n", type: "3" }),
  },
  "a block device": {
    exit: invalid,
    why: /block device/,
    spoil: add({ name: "files/n", type: "4" }),
  },
  "a named pipe": { exit: invalid, why: /named pipe/, spoil: add({ name: "files/n", type: "6" }) },
  "a GNU sparse file": { exit: invalid, why: /sparse/, spoil: entry("files/a", { type: "S" }) },
  "a GNU long name": {
    exit: invalid,
    why: /GNU long name/,
    spoil: add({ name: "././@LongLink", type: "L", magic: gnuMagic, content: "files/a\0" }),
  },
  "a GNU long link": {
    exit: invalid,
    why: /GNU long link/,
    spoil: add({ name: "././@LongLink", type: "K", magic: gnuMagic, content: "files/a\0" }),
  },
  "an entry of an unknown type": {
    exit: invalid,
    why: /type "Z"/,
    spoil: add({ name: "files/z", type: "Z" }),
  },
  "an entry of before POSIX": {
    exit: invalid,
    why: /before POSIX/,
    spoil: entry("files/a", { type: "\0" }),
  },
  "the magic of GNU tar": {
    exit: invalid,
    why: /ustar or pax/,
    spoil: entry("files/a", { magic: gnuMagic }),
  },
  "no magic": { exit: invalid, why: /ustar or pax/, spoil: entry("files/a", { magic: "" }) },
  "a wrong checksum": {
    exit: invalid,
    why: /checksum/,
    spoil: entry("files/a", { checksum: "000000\0 " }),
  },
  "a checksum that is no number": {
    exit: invalid,
    why: /checksum/,
    spoil: entry("files/a", { checksum: "xxxxxx\0 " }),
  },
  "a size in base 256": {
    exit: invalid,
    why: /size is no octal/,
    spoil: entry("files/a", { size: "\x7f\xff" }),
  },
  "a negative size": {
    exit: invalid,
    why: /octal/,
    spoil: entry("files/a", { size: "-0000000001\0" }),
  },
  "a size that is not there": {
    exit: invalid,
    why: /octal/,
    spoil: entry("files/a", { size: "\0" }),
  },
  "a mode with setuid in the archive": {
    exit: invalid,
    why: /special bit/,
    spoil: entry("files/a", { mode: "0004755\0" }),
  },
  "bytes hidden after a name": {
    exit: invalid,
    why: /hides bytes/,
    spoil: entry("files/a", { name: "files/a\0/../../etc" }),
  },
  "a name put together from two fields": {
    exit: invalid,
    why: /'\.\.'/,
    spoil: add({ name: "escaped", prefix: "files/../..", content: "x" }),
  },
  "a link with content": {
    exit: invalid,
    why: /with content/,
    spoil: entry("files/l", { content: "x" }),
  },
  "a folder with content": {
    exit: invalid,
    why: /with content/,
    spoil: add({ name: "files/d/", type: "5", content: "x" }),
  },
  "a file with a target": {
    exit: invalid,
    why: /with a target/,
    spoil: entry("files/a", { target: "b" }),
  },
  "content followed by other bytes": {
    exit: invalid,
    why: /not followed by zeros/,
    spoil: entry("files/a", { padding: 1 }),
  },
  "a pax header that names another file": {
    exit: invalid,
    why: /'\.\.'/,
    spoil: entry("files/a", { pax: { path: "../escaped" } }),
  },
  "a pax header that leads a link elsewhere": {
    exit: invalid,
    why: /was signed/,
    spoil: entry("files/l", { pax: { linkpath: "../../etc/passwd" } }),
  },
  "a pax header with another size": {
    exit: invalid,
    why: /two sizes/,
    spoil: entry("files/a", { pax: { size: "4" } }),
  },
  "a pax header with a huge size": {
    exit: invalid,
    why: /two sizes/,
    spoil: entry("files/a", { pax: { size: "9999999999" } }),
  },
  "a pax header with a negative size": {
    exit: invalid,
    why: /size is odd/,
    spoil: entry("files/a", { pax: { size: "-1" } }),
  },
  "a global pax header": {
    exit: invalid,
    why: /global pax/,
    spoil: entry("files/a", { pax: { path: "x" }, paxType: "g" }),
  },
  "two pax headers": {
    exit: invalid,
    why: /two pax headers/,
    spoil: ({ entries }) => {
      const content = paxRecord("path", "files/a");
      entries.unshift({ name: "pax", type: "x", content }, { name: "pax", type: "x", content });
    },
  },
  "a pax header of a sparse file": {
    exit: invalid,
    why: /GNU.sparse/,
    spoil: entry("files/a", { pax: { "GNU.sparse.major": "1" } }),
  },
  "a pax header with an attribute": {
    exit: invalid,
    why: /SCHILY/,
    spoil: entry("files/a", { pax: { "SCHILY.xattr.security.capability": "x" } }),
  },
  "a pax header in another character set": {
    exit: invalid,
    why: /hdrcharset/,
    spoil: entry("files/a", { pax: { hdrcharset: "BINARY" } }),
  },
  "a pax header that says something twice": {
    exit: invalid,
    why: /twice/,
    spoil: entry("files/a", { pax: paxRecord("path", "files/a") + paxRecord("path", "../x") }),
  },
  "a pax header that takes a name back": {
    exit: invalid,
    why: /says nothing/,
    spoil: entry("files/a", { pax: { path: "" } }),
  },
  "a pax header with a wrong length": {
    exit: invalid,
    why: /malformed pax/,
    spoil: entry("files/a", { pax: "99 path=x\n" }),
  },
  "a pax header with a length of 0": {
    exit: invalid,
    why: /malformed pax/,
    spoil: entry("files/a", { pax: "0 path=x\n" }),
  },
  "a pax header without a key": {
    exit: invalid,
    why: /malformed pax/,
    spoil: entry("files/a", { pax: "6 =ab\n" }),
  },
  "a pax header of 100 KiB": {
    exit: invalid,
    why: /pax header of/,
    spoil: entry("files/a", { pax: { comment: text(100_000) } }),
  },
  "a name with NUL in a pax header": {
    exit: invalid,
    why: /control/,
    spoil: entry("files/a", { pax: { path: "files/a\0x" } }),
  },
};
