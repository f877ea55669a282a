import type { Entry, ZipReader } from "@zip.js/zip.js";
import { readCentralDirectory } from "./central_directory.ts";
import { checkLocalHeaders } from "./local_headers.ts";
import { checkTree } from "./check_tree.ts";
import { readEndRecord } from "./end_record.ts";
import { InflateStream } from "./inflate_stream.ts";
import type { Limits } from "./limits.ts";
import type { Member } from "./member.ts";
import type { ZipFile } from "./zip_file.ts";
import { entryFault, zipFault } from "./zip_fault.ts";

/** An entry with what unpacks it, a piece at a time. */
export interface ZipEntry {
  readonly member: Member;
  readonly entry: Entry;
}

/** A zip of which every entry has been judged, and none unpacked. */
export interface OpenZip {
  /** In the order of the directory. */
  readonly members: readonly Member[];
  /** Every folder, each after the one that holds it. */
  readonly folders: readonly string[];
  /** What stands in the zip for one, as a whole. */
  data(member: Member): Uint8Array;
  /** The entries with what unpacks them, in the same order; may be taken once. */
  entries(): AsyncGenerator<ZipEntry>;
}

/** Bytes of a piece that is read, and of one that is given out. */
const pieceSize = 16 * 1024;

/**
 * Reads a zip's directory and headers, and refuses what could be read in two ways or lead elsewhere.
 *
 * @throws InvalidInputError naming the entry
 */
export async function openZip(file: ZipFile, limits: Limits): Promise<OpenZip> {
  const end = readEndRecord(file);
  const members = readCentralDirectory(file, end, limits);
  const folders = checkTree(members, limits);
  const begins = checkLocalHeaders(file, members, end.offset);
  // The part of the library that comes without workers and WebAssembly.
  const { configure, ZipReader } = await import("@zip.js/zip.js/lib/zip-core-custom.js");
  configure({
    chunkSize: pieceSize,
    useWebWorkers: false,
    useCompressionStream: true,
    DecompressionStream: InflateStream,
  });
  const reader: ZipReader<unknown> = new ZipReader(libraryReader(file), {
    strictness: "strict",
  });
  const data = (member: Member) => file.read(begins.get(member)!, member.compressed);
  return { members, folders, data, entries: () => entries(reader, members) };
}

/** Both readings of the directory, ours and the library's, have to be the same. */
async function* entries(
  reader: ZipReader<unknown>,
  members: readonly Member[],
): AsyncGenerator<ZipEntry> {
  let index = 0;
  const generator = reader.getEntriesGenerator();
  for (;;) {
    const next = await generator.next().catch((error: unknown) => {
      throw zipFault(`its directory is not clear (${(error as Error).message})`);
    });
    if (next.done) break;
    const entry: Entry = next.value;
    const member = members[index++];
    if (member === undefined) throw zipFault("its directory is not clear");
    const same = entry.offset === member.offset && entry.directory === member.folder &&
      entry.compressedSize === member.compressed && entry.uncompressedSize === member.size &&
      entry.signature === member.crc32 && entry.compressionMethod === member.method &&
      !entry.encrypted && !entry.symlink && entry.rawFilename.length === member.rawName.length &&
      entry.rawFilename.every((byte, at) => byte === member.rawName[at]);
    if (!same) throw entryFault(member.path, "it can be read in two ways");
    yield { member, entry };
  }
  if (index !== members.length) throw zipFault("its directory is not clear");
}

/** What the library reads from. */
function libraryReader(file: ZipFile) {
  return {
    size: file.size,
    init: () => Promise.resolve(),
    readUint8Array: (offset: number, length: number) =>
      Promise.resolve(file.read(offset, Math.max(0, Math.min(length, file.size - offset)))),
    createReadable({ offset, size }: Piece = {}) {
      let at = offset ?? 0;
      const end = at + (size ?? file.size - at);
      return new ReadableStream<Uint8Array>({
        pull(controller) {
          const length = Math.min(pieceSize, end - at);
          if (length > 0) controller.enqueue(file.read(at, length));
          at += length;
          if (at >= end) controller.close();
        },
      }, { highWaterMark: 0 });
    },
    get readable(): ReadableStream<Uint8Array> {
      return this.createReadable();
    },
  };
}

interface Piece {
  readonly offset?: number;
  readonly size?: number;
}
