/**
 * Writes bundles of every kind, good and bad, byte by byte: nothing here is shared with the code that
 * it tests.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { zstdCompressSync } from "node:zlib";
import type { JsonObject } from "../../engine/json.ts";
import { signDetached } from "../../engine/trust/sign_detached.ts";
import type { SigningKey } from "../../engine/trust/signing_key.ts";

/** An entry of a tar archive, as raw as wanted. */
export interface RawEntry {
  readonly name: string | Uint8Array;
  /** Default `0`, a file. */
  readonly type?: string;
  readonly content?: string | Uint8Array;
  readonly target?: string;
  /** Text of the header's size field; default: that of the content. */
  readonly size?: string;
  readonly mode?: string;
  readonly magic?: string;
  readonly prefix?: string;
  readonly checksum?: string;
  /** Records of a pax header before it: key and value, or the whole text. */
  readonly pax?: Readonly<Record<string, string>> | string;
  /** Type of that header; default `x`. */
  readonly paxType?: string;
  /** Bytes after the content instead of zeros. */
  readonly padding?: number;
}

const encoder = new TextEncoder();
const bytesOf = (value: string | Uint8Array) =>
  typeof value === "string" ? encoder.encode(value) : value;

export function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The blocks of one entry. */
export function rawEntry(entry: RawEntry): Uint8Array {
  const content = bytesOf(entry.content ?? "");
  const block = new Uint8Array(512);
  const put = (value: string | Uint8Array, at: number) => block.set(bytesOf(value), at);
  put(entry.name, 0);
  put(entry.mode ?? "0000644\0", 100);
  put("0000000\0" + "0000000\0", 108);
  put(entry.size ?? content.length.toString(8).padStart(11, "0") + "\0", 124);
  put("00000000000\0", 136);
  put("        ", 148);
  put(entry.type ?? "0", 156);
  put(entry.target ?? "", 157);
  put(entry.magic ?? "ustar\x0000", 257);
  put(entry.prefix ?? "", 345);
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(entry.checksum ?? sum.toString(8).padStart(6, "0") + "\0 ", 148);
  const padding = new Uint8Array((512 - content.length % 512) % 512).fill(entry.padding ?? 0);
  const own = [block, content, padding];
  if (entry.pax === undefined) return join(own);
  const records = typeof entry.pax === "string"
    ? entry.pax
    : Object.entries(entry.pax).map(([key, value]) => paxRecord(key, value)).join("");
  const header = rawEntry({ name: "pax", type: entry.paxType ?? "x", content: records });
  return join([header, ...own]);
}

export function paxRecord(key: string, value: string): string {
  const body = encoder.encode(` ${key}=${value}\n`).length;
  let length = body + 1;
  while (body + String(length).length !== length) length++;
  return `${length} ${key}=${value}\n`;
}

/** What a bundle is made from; every part may be spoiled. */
export interface RawBundle {
  /** Merged over metadata that fits `contents`; a text is taken as it is. */
  metadata?: JsonObject | string;
  /** What the metadata says about files, if not what `entries` hold. */
  contents: Record<string, string>;
  links: Record<string, string>;
  entries: RawEntry[];
  /** Instead of metadata and signature at the beginning. */
  head?: (metadata: Uint8Array, signature: string) => RawEntry[];
  signature?: (signature: string) => string;
  /** After the last entry; default two zero blocks. */
  end?: Uint8Array;
  /** The compressed bundle. */
  spoil?: (compressed: Uint8Array) => Uint8Array;
  compress?: (tar: Uint8Array) => Uint8Array;
}

/** A good bundle of three files and a link, version 1.0.0. */
export function goodBundle(): RawBundle {
  const contents = { "files/a": "alpha", "files/d/b": "beta", "LICENSE": "MIT\n" };
  const links = { "files/l": "a" };
  return {
    contents,
    links,
    entries: [
      { name: "files/a", content: "alpha" },
      { name: "files/d/b", content: "beta" },
      { name: "files/l", type: "2", target: "a" },
      { name: "LICENSE", content: "MIT\n" },
    ],
  };
}

/** The metadata that fits the contents. */
export function metadataOf({ contents, links, metadata }: RawBundle): Uint8Array {
  if (typeof metadata === "string") return encoder.encode(metadata);
  const by = <T>(value: (content: string) => T) =>
    Object.fromEntries(Object.entries(contents).map(([path, content]) => [path, value(content)]));
  return encoder.encode(JSON.stringify({
    schemaVersion: 1,
    name: "atp",
    version: "1.0.0",
    build_time: "1970-01-01T00:00:00Z",
    sha256: by((content) => createHash("sha256").update(content).digest("hex")),
    sizes: by((content) => encoder.encode(content).length),
    modes: by(() => "0644"),
    links,
    ...metadata,
  }));
}

/** Writes a bundle, signed by the key. */
export async function writeRawBundle(
  file: string,
  bundle: RawBundle,
  key: SigningKey,
): Promise<void> {
  const metadata = metadataOf(bundle);
  const signature = await signDetached(metadata, key);
  const head = bundle.head ?? ((metadata, signature) => [
    { name: "metadata.json", content: metadata },
    { name: "metadata.json.sig", content: signature },
  ]);
  const tar = join([
    ...head(metadata, bundle.signature?.(signature) ?? signature).map(rawEntry),
    ...bundle.entries.map(rawEntry),
    bundle.end ?? new Uint8Array(1024),
  ]);
  const compressed = (bundle.compress ?? zstdCompressSync)(tar);
  await Deno.writeFile(file, bundle.spoil?.(new Uint8Array(compressed)) ?? compressed);
}
