import { Buffer } from "node:buffer";
import { type HostileZip, named, withEntries } from "./hostile_parts.ts";
import { bytes, extra, numbers } from "./raw_zip.ts";

/** The mode of a symbolic link. */
const link = 0o120777;

/** Zips with entries that lead elsewhere, are no file, or are one for some file system. Of the tests. */
export const hostileNames: Readonly<Record<string, HostileZip>> = {
  // Names that lead elsewhere.
  "traversal": [named("../evil"), /"\.\.\/evil".*segment '\.\.'/],
  "traversal in the middle": [named("a/../../evil"), /segment '\.\.'/],
  "traversal within the folder": [named("a/../evil"), /segment '\.\.'/],
  "traversal by a folder": [named("../evil/", { content: "" }), /segment '\.\.'/],
  "traversal at the end": [named("a/.."), /segment '\.\.'/],
  "a prefix that is another folder": [named("../package-evil/x"), /segment '\.\.'/],
  "the folder aside": [named("../package.part/x"), /segment '\.\.'/],
  "absolute": [named("/tmp/evil"), /it is absolute/],
  "absolute, twice": [named("//evil"), /it is absolute/],
  "a drive letter": [named("C:evil"), /drive letter/],
  "a drive letter and a slash": [named("c:/evil"), /drive letter/],
  "backslashes": [named("..\\evil"), /backslash/],
  "a share of Windows": [named("\\\\host\\share\\evil"), /backslash/],
  "a zero byte": [named("main.py\0.txt"), /control character/],
  "a newline": [named("evil\nAPPLIANCE_STEP:x:OK"), /control character/],
  "an escape sequence": [named("\x1b[2Jevil"), /control character/],
  "a line separator": [named("a\u2028b"), /control character/],
  "an empty name": [named(""), /it is empty/],
  "only a slash": [named("/", { content: "" }), /it is empty/],
  "an empty segment": [named("a//b"), /empty segment/],
  "a segment '.'": [named("./a"), /segment '\.'/],
  "a name too long": [named("n".repeat(256)), /more than 255 bytes/],
  "a path too long": [named("d/".repeat(1100) + "x"), /more than 2048 bytes/],
  "a name that is not UTF-8": [
    named(new Uint8Array([0x65, 0xff, 0xfe]), { flags: 0 }),
    /not UTF-8/,
  ],
  "an overlong encoding of ../": [
    named(new Uint8Array([0xc0, 0xae, 0xc0, 0xae, 0x2f, 0x78])),
    /not UTF-8/,
  ],
  "a second name in an extra field": [
    named("fine", {
      central: { extra: extra(0x7075, Buffer.concat([numbers([1, 1], [0, 4]), bytes("../x")])) },
    }),
    /a second name/,
  ],

  // What is no file.
  "a symbolic link": [named("link", { mode: link, content: "/etc/passwd" }), /symbolic link/],
  "a symbolic link within": [named("link", { mode: link, content: "main.py" }), /symbolic link/],
  "a link, said to come from DOS": [
    named("link", { mode: link, system: 0, content: "/etc" }),
    /symbolic link/,
  ],
  "a link and a file through it": [
    withEntries(
      { name: "d", mode: link, content: "/tmp" },
      { name: "d/evil", content: "evil" },
    ),
    /symbolic link/,
  ],
  "a device": [named("null", { mode: 0o020666, content: "" }), /neither a file nor a folder/],
  "a block device": [named("sda", { mode: 0o060660, content: "" }), /neither a file nor a folder/],
  "a pipe": [named("pipe", { mode: 0o010644, content: "" }), /neither a file nor a folder/],
  "a socket": [named("sock", { mode: 0o140755, content: "" }), /neither a file nor a folder/],
  "a folder by its mode only": [named("d", { mode: 0o040755, content: "" }), /disagree/],
  "a file by its mode only": [named("d/", { mode: 0o100644, content: "" }), /disagree/],
  "a folder of DOS by its attributes only": [
    named("d", { mode: 0, system: 0, dos: 0x10, content: "" }),
    /disagree/,
  ],
  "a file by its mode, a folder of DOS by its attributes": [
    named("d", { system: 0, dos: 0x10, content: "" }),
    /read in two ways/,
  ],
  "a folder with content": [named("d/"), /folder with content/],

  // Names that are one.
  "a name twice": [withEntries({ name: "a" }, { name: "a" }), /there twice/],
  "a second manifest": [named("agent.yaml"), /there twice/],
  "a folder twice": [withEntries({ name: "d/" }, { name: "d/" }), /there twice/],
  "another case": [withEntries({ name: "Main.py" }, { name: "main.py" }), /take it/],
  "a manifest of another case": [named("Agent.yaml"), /"agent\.yaml"/],
  "a folder of another case": [withEntries({ name: "src/a" }, { name: "SRC/b" }), /take it/],
  "another composition": [withEntries({ name: "\u00e9" }, { name: "e\u0301" }), /take it/],
  "a compatible form": [withEntries({ name: "file" }, { name: "\ufb01le" }), /take it/],
  "a file as a folder": [withEntries({ name: "a" }, { name: "a/b" }), /a file and a folder/],
  "a folder as a file": [withEntries({ name: "a/b" }, { name: "a" }), /a file and a folder/],
  "something in the manifest": [named("agent.yaml/evil"), /a file and a folder/],
};
