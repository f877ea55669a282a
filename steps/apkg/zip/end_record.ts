import { littleEndian } from "./little_endian.ts";
import type { ZipFile } from "./zip_file.ts";
import { zipFault } from "./zip_fault.ts";

/** Where the central directory is, and how many entries it has. */
export interface EndRecord {
  readonly entries: number;
  /** Offset of the central directory, which is also where the entries end. */
  readonly offset: number;
  /** Bytes of the central directory. */
  readonly size: number;
}

const recordLength = 22;
const locatorLength = 20;
const wideLength = 56;
const longestComment = 0xffff;
const signature = 0x06054b50;
const locatorSignature = 0x07064b50;
const wideSignature = 0x06064b50;

/**
 * Finds the end of a zip (APPNOTE.TXT 4.3.14 to 4.3.16). There must be one way only to read it: the
 * last record of its kind reaches exactly to the end of the file, no other one does, the directory
 * ends where the record begins, and what is said twice is said alike.
 *
 * @throws InvalidInputError when it is no zip, or something stands before, after or between
 */
export function readEndRecord(file: ZipFile): EndRecord {
  const at = findRecord(file);
  const record = littleEndian(file.read(at, recordLength));
  const narrow = {
    disk: record.u16(4),
    directoryDisk: record.u16(6),
    here: record.u16(8),
    entries: record.u16(10),
    size: record.u32(12),
    offset: record.u32(16),
  };
  const wide = readWide(file, at);
  const saturated = narrow.entries === 0xffff || narrow.size === 0xffffffff ||
    narrow.offset === 0xffffffff;
  if (saturated && wide === undefined) throw zipFault("the end of its zip64 directory is missing");
  if (!saturated && wide !== undefined) {
    throw zipFault("it has an end of zip64 that its own end does not ask for");
  }
  const of = (kind: keyof typeof narrow, most: number) => {
    const value = wide === undefined ? narrow[kind] : wide[kind];
    if (narrow[kind] === value || (wide !== undefined && narrow[kind] === most)) return value;
    throw zipFault(`the two ends of its directory differ: ${narrow[kind]} and ${value}`);
  };
  if (of("disk", 0xffff) !== 0 || of("directoryDisk", 0xffff) !== 0) {
    throw zipFault("it is a part of a zip in several files");
  }
  const entries = of("entries", 0xffff);
  if (of("here", 0xffff) !== entries) throw zipFault("it is a part of a zip in several files");
  const size = of("size", 0xffffffff);
  const offset = of("offset", 0xffffffff);
  const end = wide?.at ?? at;
  if (offset + size !== end) {
    const between = end - offset - size;
    throw zipFault(
      between > 0
        ? `${between} bytes stand before the zip, or between its parts`
        : "its directory is said to reach beyond its end",
    );
  }
  return { entries, offset, size };
}

/** The offset of the record that ends the file. */
function findRecord(file: ZipFile): number {
  if (file.size === 0) throw zipFault("it is empty");
  const length = Math.min(file.size, recordLength + longestComment);
  const from = file.size - length;
  const tail = littleEndian(file.read(from, length));
  const starts: number[] = [];
  for (let at = length - recordLength; at >= 0; at--) {
    if (tail.u32(at) === signature) starts.push(at);
  }
  const whole = starts.filter((at) => at + recordLength + tail.u16(at + 20) === length);
  const [last] = starts;
  if (last === undefined) {
    const begins = file.size >= 4 && littleEndian(file.read(0, 4)).u32(0) === 0x04034b50;
    throw zipFault(begins ? "it is cut off, or something follows its end" : "it is no zip");
  }
  if (whole.length === 0) throw zipFault("it is cut off, or something follows its end");
  if (whole[0] !== last || whole.length > 1) {
    throw zipFault("it has two ends, so that programs would read it differently");
  }
  return from + last;
}

/** The record of zip64, which stands right before its locator, which stands right before the other. */
function readWide(file: ZipFile, record: number) {
  const locatorAt = record - locatorLength;
  if (locatorAt < 0) return undefined;
  const locator = littleEndian(file.read(locatorAt, locatorLength));
  if (locator.u32(0) !== locatorSignature) return undefined;
  const at = locator.u64(8);
  if (locator.u32(4) !== 0 || locator.u32(16) > 1) {
    throw zipFault("it is a part of a zip in several files");
  }
  if (at === undefined || at + wideLength !== locatorAt) {
    throw zipFault("the end of its zip64 directory is not where it is said to be");
  }
  const wide = littleEndian(file.read(at, wideLength));
  if (wide.u32(0) !== wideSignature || wide.u64(4) !== wideLength - 12) {
    throw zipFault("the end of its zip64 directory is not where it is said to be");
  }
  const number = (offset: number) => {
    const value = wide.u64(offset);
    if (value === undefined) throw zipFault("the end of its zip64 directory holds absurd numbers");
    return value;
  };
  return {
    at,
    disk: wide.u32(16),
    directoryDisk: wide.u32(20),
    here: number(24),
    entries: number(32),
    size: number(40),
    offset: number(48),
  };
}
