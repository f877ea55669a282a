/**
 * Writes zips that may lie: what an entry is said to be, in either of its headers, need not be what it
 * is. Of the tests.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { crc32, deflateRawSync } from "node:zlib";

/** What a header says; each member is what is true where it is left out. */
export interface RawHeader {
  readonly name?: string | Uint8Array;
  readonly flags?: number;
  readonly method?: number;
  readonly crc32?: number;
  readonly compressed?: number;
  readonly size?: number;
  readonly extra?: Uint8Array;
  readonly signature?: number;
}

export interface RawEntry {
  readonly name: string | Uint8Array;
  readonly content?: string | Uint8Array;
  readonly method?: number;
  readonly flags?: number;
  /** Unix mode, with the type; 0o100644 where it is left out. */
  readonly mode?: number;
  /** The lower half of the external attributes, and the system that the entry comes from. */
  readonly dos?: number;
  readonly system?: number;
  /** Instead of what the content compresses to. */
  readonly data?: Uint8Array;
  /** Written before the local header, which is not told of it. */
  readonly before?: Uint8Array;
  /** Written behind the data. */
  readonly descriptor?: Uint8Array;
  readonly local?: RawHeader;
  readonly central?: RawHeader & { readonly offset?: number; readonly disk?: number };
  /** Only in the directory: the offset is that of the entry before. */
  readonly shared?: true;
}

export interface RawZip {
  readonly entries: readonly RawEntry[];
  /** Before everything; offsets are not told of it. */
  readonly prefix?: Uint8Array;
  /** Between the entries and their directory. */
  readonly between?: Uint8Array;
  /** Behind the last entry of the directory, counted as part of it. */
  readonly directoryTail?: Uint8Array;
  readonly end?: EndLies;
  readonly comment?: Uint8Array;
  readonly suffix?: Uint8Array;
  /** Adds the records of zip64, changed so. */
  readonly wide?: EndLies & { readonly locator?: number };
}

interface EndLies {
  readonly disk?: number;
  readonly here?: number;
  readonly entries?: number;
  readonly size?: number;
  readonly offset?: number;
}

export function bytes(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}

/** Little-endian numbers: pairs of a value and its bytes. */
export function numbers(...fields: readonly (readonly [value: number, length: number])[]) {
  return Buffer.concat(fields.map(([value, length]) => {
    const field = Buffer.alloc(length);
    for (let at = 0, rest = BigInt(value); at < length; at++, rest >>= 8n) {
      field[at] = Number(rest & 0xffn);
    }
    return field;
  }));
}

/** An extra field. */
export function extra(id: number, content: Uint8Array): Uint8Array {
  return Buffer.concat([numbers([id, 2], [content.length, 2]), content]);
}

/** A data descriptor as streaming packers write it. */
export function descriptorOf(content: string | Uint8Array, compressed: number): Uint8Array {
  const plain = bytes(content);
  return numbers([0x08074b50, 4], [crc32(plain), 4], [compressed, 4], [plain.length, 4]);
}

export function rawZip(zip: RawZip): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  let last = 0;
  const put = (part: Uint8Array) => {
    parts.push(part);
    at += part.length;
  };
  for (const entry of zip.entries) {
    const plain = bytes(entry.content ?? "");
    const method = entry.method ?? 8;
    const data = entry.data ?? (method === 8 ? deflateRawSync(plain) : plain);
    const truth = {
      name: entry.name,
      flags: entry.flags ?? 0x800,
      method,
      crc32: crc32(plain),
      compressed: data.length,
      size: plain.length,
      extra: new Uint8Array(),
    };
    if (!entry.shared) {
      put(entry.before ?? new Uint8Array());
      last = at;
      put(localHeader({ ...truth, ...entry.local }));
      put(data);
      put(entry.descriptor ?? new Uint8Array());
    }
    directory.push(centralHeader({ ...truth, offset: last, disk: 0, ...entry.central }, entry));
  }
  put(zip.between ?? new Uint8Array());
  const offset = at;
  for (const header of directory) put(header);
  put(zip.directoryTail ?? new Uint8Array());
  const count = zip.entries.length;
  const end = { disk: 0, here: count, entries: count, size: at - offset, offset };
  if (zip.wide !== undefined) {
    const wide = { ...end, ...zip.wide };
    const begin = zip.wide.locator ?? at;
    put(numbers([0x06064b50, 4], [44, 8], [45, 2], [45, 2], [wide.disk, 4], [0, 4]));
    put(numbers([wide.here, 8], [wide.entries, 8], [wide.size, 8], [wide.offset, 8]));
    put(numbers([0x07064b50, 4], [0, 4], [begin, 8], [1, 4]));
  }
  const said = { ...end, ...zip.end };
  const comment = zip.comment ?? new Uint8Array();
  put(numbers([0x06054b50, 4], [said.disk, 2], [0, 2], [said.here, 2], [said.entries, 2]));
  put(numbers([said.size, 4], [said.offset, 4], [comment.length, 2]));
  put(comment);
  return new Uint8Array(
    Buffer.concat([zip.prefix ?? new Uint8Array(), ...parts, zip.suffix ?? new Uint8Array()]),
  );
}

type Header = Required<Omit<RawHeader, "signature">> & Pick<RawHeader, "signature">;

/** From the flags to the lengths, which both headers have. */
function common(header: Header): Uint8Array {
  const name = bytes(header.name);
  return numbers(
    [header.flags, 2],
    [header.method, 2],
    [0x5a21_0000, 4],
    [header.crc32, 4],
    [header.compressed, 4],
    [header.size, 4],
    [name.length, 2],
    [header.extra.length, 2],
  );
}

function localHeader(header: Header): Uint8Array {
  return Buffer.concat([
    numbers([header.signature ?? 0x04034b50, 4], [20, 2]),
    common(header),
    bytes(header.name),
    header.extra,
  ]);
}

function centralHeader(
  header: Header & { readonly offset: number; readonly disk: number },
  entry: RawEntry,
): Uint8Array {
  const name = bytes(header.name);
  const folder = name.at(-1) === 0x2f;
  const mode = entry.mode ?? (folder ? 0o040755 : 0o100644);
  const dos = entry.dos ?? (folder ? 0x10 : 0);
  return Buffer.concat([
    numbers([header.signature ?? 0x02014b50, 4], [20, 1], [entry.system ?? 3, 1], [20, 2]),
    common(header),
    numbers([0, 2], [header.disk, 2], [0, 2], [dos, 2], [mode, 2], [header.offset, 4]),
    name,
    header.extra,
  ]);
}
