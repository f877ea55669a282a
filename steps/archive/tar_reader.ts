import { InvalidInputError } from "../../engine/errors.ts";
import type { ByteReader } from "./byte_reader.ts";
import { type PaxOverrides, readPax } from "./pax.ts";
import { showName } from "./safe_name.ts";
import { blockSize, isZero, readTarHeader, type TarHeader } from "./tar_header.ts";

/** An entry of an archive. Names are as they stand there: they have not been judged yet. */
export type TarEntry =
  | { readonly type: "file"; readonly name: string; readonly size: number }
  | { readonly type: "folder"; readonly name: string }
  | { readonly type: "link"; readonly name: string; readonly target: string };

/** Reads an archive from its beginning to its end, once. */
export interface TarReader {
  /**
   * The next entry, or `undefined` after the last; what was not read of a file is passed over.
   *
   * @throws InvalidInputError when the archive is malformed, cut off, or goes on after its end
   */
  next(): Promise<TarEntry | undefined>;
  /** A piece of the file that {@linkcode TarReader.next} gave last; `undefined` at its end. */
  read(): Promise<Uint8Array | undefined>;
  /** All that is left of that file; for files that fit into memory. */
  readAll(): Promise<Uint8Array>;
}

/** Bytes of a pax header; two long names need a tenth. */
const longestPax = 64 * 1024;
const largestPiece = 1024 * 1024;
/** 8 GiB: the first size that a ustar header cannot say. */
const beyondUstar = 8 ** 11;
/** Zero blocks that may end an archive: GNU tar fills up a record of 20. */
const mostZeroBlocks = 40;

/** Reads the formats ustar and pax, strictly: what has two readings is refused. */
export function readTar(bytes: ByteReader): TarReader {
  /** What is left of the current file, and of the zeros after it. */
  let left = 0;
  let padding = 0;
  let ended = false;

  async function endFile(): Promise<void> {
    while (left > 0) await piece(largestPiece);
    if (padding > 0 && !isZero(await bytes.exactly(padding))) {
      throw new InvalidInputError("the archive is damaged: a file is not followed by zeros");
    }
    padding = 0;
  }

  async function piece(most: number): Promise<Uint8Array> {
    const part = await bytes.some(Math.min(left, most));
    if (part === undefined) throw new InvalidInputError("the archive is cut off");
    left -= part.length;
    return part;
  }

  function begin(size: number): void {
    left = size;
    padding = (blockSize - size % blockSize) % blockSize;
  }

  async function endArchive(): Promise<void> {
    ended = true;
    for (let blocks = 1;; blocks++) {
      const part = await bytes.some(1);
      if (part === undefined) {
        if (blocks < 2) throw new InvalidInputError("the archive is cut off");
        return;
      }
      const block = await bytes.exactly(blockSize - 1);
      if (part[0] !== 0 || !isZero(block) || blocks >= mostZeroBlocks) {
        throw new InvalidInputError("the archive goes on after its end");
      }
    }
  }

  async function readOverrides(header: TarHeader): Promise<PaxOverrides> {
    if (header.size > longestPax) {
      throw new InvalidInputError(`the archive has a pax header of ${header.size} bytes`);
    }
    begin(header.size);
    const records = await bytes.exactly(left);
    left = 0;
    const overrides = readPax(records);
    await endFile();
    return overrides;
  }

  return {
    async next() {
      if (ended) return undefined;
      await endFile();
      let block = await bytes.exactly(blockSize);
      if (isZero(block)) {
        await endArchive();
        return undefined;
      }
      let header = readTarHeader(block);
      let overrides: PaxOverrides = {};
      if (header.type === "pax") {
        overrides = await readOverrides(header);
        block = await bytes.exactly(blockSize);
        header = readTarHeader(block);
      }
      const entry = toEntry(header, overrides);
      if (entry.type === "file") begin(entry.size);
      return entry;
    },
    async read() {
      return left === 0 ? undefined : await piece(largestPiece);
    },
    async readAll() {
      const all = await bytes.exactly(left);
      left = 0;
      return all;
    },
  };
}

function toEntry(header: TarHeader, overrides: PaxOverrides): TarEntry {
  const { type } = header;
  if (type === "pax") throw new InvalidInputError("the archive has two pax headers for one entry");
  const name = overrides.path ?? header.name;
  const odd = (why: string) =>
    new InvalidInputError(`the archive has an odd header for ${showName(name)}: ${why}`);
  if (overrides.size !== undefined && (header.size !== 0 || overrides.size < beyondUstar)) {
    throw odd("two sizes");
  }
  if (header.mode > 0o777) throw odd("a mode with a special bit");
  const target = overrides.linkpath ?? header.target;
  const size = overrides.size ?? header.size;
  if (type === "file") {
    if (target !== "") throw odd("a file with a target");
    return { type, name, size };
  }
  if (size !== 0) throw odd(`a ${type} with content`);
  if (type === "link") return { type, name, target };
  if (target !== "") throw odd("a folder with a target");
  return { type, name: name.replace(/\/$/, "") };
}
