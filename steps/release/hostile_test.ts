// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=/usr/bin/ln
import assert from "node:assert/strict";
import { zstdCompressSync } from "node:zlib";
import { SluiceError } from "../../engine/errors.ts";
import {
  goodBundle,
  join,
  metadataOf,
  paxRecord,
  type RawBundle,
  type RawEntry,
  rawEntry,
  writeRawBundle,
} from "./raw_bundle.ts";
import { stageRelease } from "./stage.ts";
import { makeKey, readTree, testContext } from "./test_bed.ts";

const invalid = 2;
const notAuthorised = 6;

/** A spoiled bundle, the exit code that it deserves, and what the message says. */
interface Case {
  readonly exit: number;
  readonly why: RegExp;
  spoil(bundle: RawBundle): void;
}

const text = (bytes: number) => "x".repeat(bytes);
const gnuMagic = "ustar  \0";

function entry(path: string, change: Partial<RawEntry>): Case["spoil"] {
  return ({ entries }) => {
    const at = entries.findIndex(({ name }) => name === path);
    entries[at] = { ...entries[at]!, ...change };
  };
}

function add(...more: RawEntry[]): Case["spoil"] {
  return ({ entries }) => void entries.push(...more);
}

/** An entry that is also in the signed metadata, as whoever holds a trusted key could make it. */
function signed(path: string, content = "x"): Case["spoil"] {
  return (bundle) => {
    bundle.contents[path] = content;
    bundle.entries.push({ name: "see-pax", content, pax: { path } });
  };
}

function signedLink(path: string, target: string): Case["spoil"] {
  return (bundle) => {
    bundle.links[path] = target;
    bundle.entries.push({ name: path, type: "2", target });
  };
}

function metadata(change: NonNullable<RawBundle["metadata"]>): Case["spoil"] {
  return (bundle) => void (bundle.metadata = change);
}

const cases: Record<string, Case> = {
  // What is signed, and by whom.
  "a signature by nobody who is trusted": {
    exit: notAuthorised,
    why: /no trusted key/,
    spoil: (bundle) => bundle.signature = () => "MEUCIQ==",
  },
  "a signature that is none": {
    exit: notAuthorised,
    why: /signature/,
    spoil: (bundle) => bundle.signature = () => "not base64!",
  },
  "no signature text": {
    exit: notAuthorised,
    why: /signature/,
    spoil: (bundle) => bundle.signature = () => "",
  },
  "metadata changed after signing": {
    exit: notAuthorised,
    why: /no trusted key/,
    spoil: (bundle) => {
      bundle.head = (metadata, signature) => [
        { name: "metadata.json", content: join([metadata, new TextEncoder().encode(" ")]) },
        { name: "metadata.json.sig", content: signature },
      ];
    },
  },
  "metadata that is damaged and not signed": {
    exit: notAuthorised,
    why: /no trusted key/,
    spoil: (bundle) => {
      bundle.head = (_, signature) => [
        { name: "metadata.json", content: "{" },
        { name: "metadata.json.sig", content: signature },
      ];
    },
  },
  "no metadata": { exit: invalid, why: /metadata.json has to be/, spoil: (b) => b.head = () => [] },
  "no signature": {
    exit: invalid,
    why: /metadata.json.sig has to be/,
    spoil: (bundle) => bundle.head = (content) => [{ name: "metadata.json", content }],
  },
  "the signature first": {
    exit: invalid,
    why: /metadata.json has to be/,
    spoil: (bundle) => {
      bundle.head = (metadata, signature) => [
        { name: "metadata.json.sig", content: signature },
        { name: "metadata.json", content: metadata },
      ];
    },
  },
  "something before the metadata": {
    exit: invalid,
    why: /metadata.json has to be/,
    spoil: (bundle) => {
      bundle.head = (metadata, signature) => [
        { name: "files/a", content: "alpha" },
        { name: "metadata.json", content: metadata },
        { name: "metadata.json.sig", content: signature },
      ];
    },
  },
  "a second metadata.json": {
    exit: invalid,
    why: /there twice/,
    spoil: add({ name: "metadata.json", content: "{}" }),
  },
  "metadata that is a link": {
    exit: invalid,
    why: /metadata.json has to be/,
    spoil: (bundle) => {
      bundle.head = (_, signature) => [
        { name: "metadata.json", type: "2", target: "/etc/passwd" },
        { name: "metadata.json.sig", content: signature },
      ];
    },
  },
  "metadata that says it is huge": {
    exit: invalid,
    why: /at most/,
    spoil: (bundle) => bundle.head = () => [{ name: "metadata.json", size: "77777777777\0" }],
  },
  "a signature of 20 KiB": {
    exit: invalid,
    why: /at most/,
    spoil: (bundle) => {
      bundle.head = (metadata) => [
        { name: "metadata.json", content: metadata },
        { name: "metadata.json.sig", content: text(20_000) },
      ];
    },
  },

  // What the metadata says, signed by a trusted key.
  "metadata that is no JSON": { exit: invalid, why: /not JSON/, spoil: metadata("{") },
  "metadata that is null": { exit: invalid, why: /not valid/, spoil: metadata("null") },
  "metadata that is a list": { exit: invalid, why: /not valid/, spoil: metadata("[]") },
  "metadata of the future": {
    exit: invalid,
    why: /schemaVersion 2/,
    spoil: metadata({ schemaVersion: 2 }),
  },
  "metadata with an unknown key": {
    exit: invalid,
    why: /"extra"/,
    spoil: metadata({ extra: 1 }),
  },
  "a version that climbs": { exit: invalid, why: /version/, spoil: metadata({ version: "../x" }) },
  "a version that is a staging folder's": {
    exit: invalid,
    why: /version/,
    spoil: metadata({ version: "1.0.staging" }),
  },
  "a bundle name that climbs": { exit: invalid, why: /name/, spoil: metadata({ name: "a/../b" }) },
  "a floor that is no version": { exit: invalid, why: /floor/, spoil: metadata({ floor: "" }) },
  "a build time that is none": {
    exit: invalid,
    why: /build_time/,
    spoil: metadata({ build_time: "yesterday" }),
  },
  "a hash that is none": {
    exit: invalid,
    why: /sha256/,
    spoil: metadata({ sha256: { "files/a": "00", "LICENSE": "00" } }),
  },
  "sizes that are negative": {
    exit: invalid,
    why: /sizes/,
    spoil: metadata({ sizes: { "files/a": -1 } }),
  },
  "sizes beyond what numbers hold": {
    exit: invalid,
    why: /sizes/,
    spoil: metadata({ sizes: { "files/a": 1e300 } }),
  },
  "sizes for other files": {
    exit: invalid,
    why: /sizes lacks/,
    spoil: metadata({ sizes: { "files/x": 1 } }),
  },
  "a mode with setuid": {
    exit: invalid,
    why: /modes/,
    spoil: metadata({ modes: { "files/a": "4755", "files/d/b": "0644", "LICENSE": "0644" } }),
  },
  "no LICENSE": {
    exit: invalid,
    why: /no LICENSE/,
    spoil: (bundle) => {
      delete bundle.contents.LICENSE;
      bundle.entries.pop();
    },
  },
  "a signed name that is absolute": {
    exit: invalid,
    why: /absolute/,
    spoil: signed("/tmp/escaped"),
  },
  "a signed name that climbs": { exit: invalid, why: /'\.\.'/, spoil: signed("files/../../esc") },
  "a signed name with a dot": { exit: invalid, why: /'\.'/, spoil: signed("files/./x") },
  "a signed name with an empty segment": { exit: invalid, why: /empty/, spoil: signed("files//x") },
  "a signed name that ends with a slash": {
    exit: invalid,
    why: /empty/,
    spoil: signed("files/x/"),
  },
  "a signed name with a line end": { exit: invalid, why: /control/, spoil: signed("files/x\ny") },
  "a signed name with a C1 control": { exit: invalid, why: /control/, spoil: signed("files/\x9b") },
  "a signed name with a backslash": {
    exit: invalid,
    why: /backslash/,
    spoil: signed("files/a\\b"),
  },
  "a signed name that is too long": {
    exit: invalid,
    why: /255/,
    spoil: signed(`files/${text(256)}`),
  },
  "a signed path that is too long": {
    exit: invalid,
    why: /2048/,
    spoil: signed(`files/${"segment/".repeat(300)}x`),
  },
  "a signed name outside of files/": { exit: invalid, why: /below files/, spoil: signed("etc/x") },
  "a signed name in Sluice's own folder": {
    exit: invalid,
    why: /Sluice's own/,
    spoil: signed("files/.sluice/run"),
  },
  "a signed name in Sluice's own folder, in capitals": {
    exit: invalid,
    why: /Sluice's own/,
    spoil: signed("files/.SLUICE/run"),
  },
  "signed names that differ in case": { exit: invalid, why: /case/, spoil: signed("files/A") },
  "signed names that differ in case of a folder": {
    exit: invalid,
    why: /case/,
    spoil: signed("files/D/c"),
  },
  "signed names that differ in composition": {
    exit: invalid,
    why: /case/,
    spoil: (bundle) => {
      signed("files/\u00e9")(bundle);
      signed("files/e\u0301")(bundle);
    },
  },
  "signed names that differ in compatible forms": {
    exit: invalid,
    why: /case/,
    spoil: (bundle) => {
      signed("files/stra\u00dfe")(bundle);
      signed("files/STRASSE")(bundle);
    },
  },
  "a signed file that hides the LICENSE": {
    exit: invalid,
    why: /there twice/,
    spoil: signed("files/LICENSE"),
  },
  "a signed file below a file": {
    exit: invalid,
    why: /below the file/,
    spoil: signed("files/a/x"),
  },
  "a signed file below a link": {
    exit: invalid,
    why: /below the link/,
    spoil: signed("files/l/x"),
  },
  "a signed file and link of one name": {
    exit: invalid,
    why: /there twice/,
    spoil: signedLink("files/a", "d"),
  },
  "a signed link that leaves the release": {
    exit: invalid,
    why: /leaves the tree/,
    spoil: signedLink("files/d/x", "../../outside"),
  },
  "a signed link that leaves by a detour": {
    exit: invalid,
    why: /'\.\.'/,
    spoil: signedLink("files/x", "d/../../outside"),
  },
  "a signed link to an absolute place": {
    exit: invalid,
    why: /outside of \/usr/,
    spoil: signedLink("files/x", "/etc/shadow"),
  },
  "a signed link to what only begins like /usr": {
    exit: invalid,
    why: /outside of \/usr/,
    spoil: signedLink("files/x", "/usrlocal/x"),
  },
  "a signed link out of /usr": {
    exit: invalid,
    why: /'\.\.'/,
    spoil: signedLink("files/x", "/usr/../etc/shadow"),
  },
  "a signed link through a link": {
    exit: invalid,
    why: /through the link/,
    spoil: (bundle) => {
      signedLink("files/dl", "d")(bundle);
      signedLink("files/x", "dl/b")(bundle);
    },
  },
  "signed links in a circle": {
    exit: invalid,
    why: /back to itself/,
    spoil: (bundle) => {
      signedLink("files/x", "y")(bundle);
      signedLink("files/y", "x")(bundle);
    },
  },
  "a signed link to nothing": {
    exit: invalid,
    why: /end with a name/,
    spoil: signedLink("files/x", ""),
  },
  "a signed link to its folder": {
    exit: invalid,
    why: /end with a name/,
    spoil: signedLink("files/x", "."),
  },
  "a signed link with a line end": {
    exit: invalid,
    why: /control/,
    spoil: signedLink("files/x", "a\nb"),
  },

  // What the archive holds beyond, or instead of, what was signed.
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

  // What the archive's format allows and we do not.
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

  // What is cut off, damaged or appended.
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

const folder = await Deno.makeTempDir();
const { key } = await makeKey(`${folder}/trust`, "release");

for (const [index, [what, { exit, why, spoil }]] of Object.entries(cases).entries()) {
  Deno.test(`release.stage refuses ${what}`, async () => {
    const own = `${folder}/${index}`;
    const root = `${own}/inner/root`;
    await Deno.mkdir(root, { recursive: true });
    await Deno.writeTextFile(`${own}/outside`, "untouched");
    const bundle = goodBundle();
    spoil(bundle);
    await writeRawBundle(`${own}/bundle`, bundle, key);
    const before = readTreeNames(own);
    await assert.rejects(stage(root, `${own}/bundle`), (error: Error) => {
      assert.ok(error instanceof SluiceError, `${error.name}: ${error.stack}`);
      assert.equal(error.exit, exit, error.message);
      assert.match(error.message, why);
      assert.doesNotMatch(error.message + (error.hint ?? ""), /[\p{Cc}]/u);
      assert.ok(error.message.length < 1000, "the message is endless");
      return true;
    });
    const after = readTreeNames(own).filter((path) => path !== "inner/root/releases");
    assert.deepEqual(after, before);
    assert.equal(await Deno.readTextFile(`${own}/outside`), "untouched");
  });
}

Deno.test("release.stage accepts the bundle that all these are made from", async () => {
  const root = `${folder}/good`;
  await writeRawBundle(`${folder}/bundle`, goodBundle(), key);
  const facts = await stage(root, `${folder}/bundle`);
  const tree = readTree(facts.path);
  assert.equal(tree["a"], "444 alpha");
  assert.equal(tree["l"], "-> a");
  assert.equal(
    tree[".sluice/metadata.json"],
    `444 ${new TextDecoder().decode(metadataOf(goodBundle()))}`,
  );
});

Deno.test("release.stage accepts what other tar programs add: folders, times, users, a record's zeros", async () => {
  const bundle = goodBundle();
  bundle.entries = [
    { name: "files/", type: "5", pax: { mtime: "1700000000.123", uname: "root" } },
    ...bundle.entries,
    { name: "files/d", type: "5" },
  ];
  bundle.end = new Uint8Array(10_240);
  await writeRawBundle(`${folder}/other`, bundle, key);
  await stage(`${folder}/other-root`, `${folder}/other`);
});

Deno.test("release.stage accepts a link to a place under /usr that was signed", async () => {
  const bundle = goodBundle();
  signedLink("files/bin/python3", "/usr/bin/python3.11")(bundle);
  await writeRawBundle(`${folder}/usr`, bundle, key);
  const { path } = await stage(`${folder}/usr-root`, `${folder}/usr`);
  assert.equal(await Deno.readLink(`${path}/bin/python3`), "/usr/bin/python3.11");
});

function stage(root: string, bundle: string) {
  const params = { root, bundle, trust: `${folder}/trust` };
  const grants = stageRelease.permissions(params).run;
  return stageRelease.run({ ...params, metadata_sha256: "" }, testContext({ permissions: grants }));
}

function readTreeNames(folder: string): string[] {
  const names: string[] = [];
  const walk = (inside: string) => {
    for (const { name, isDirectory } of Deno.readDirSync(`${folder}/${inside}`)) {
      const path = inside === "" ? name : `${inside}/${name}`;
      names.push(path);
      if (isDirectory) walk(path);
    }
  };
  walk("");
  return names.sort();
}
