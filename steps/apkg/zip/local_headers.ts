import { readExtraFields, widen } from "./extra_field.ts";
import { littleEndian } from "./little_endian.ts";
import { flag, type Member } from "./member.ts";
import type { ZipFile } from "./zip_file.ts";
import { entryFault, zipFault } from "./zip_fault.ts";

const headerLength = 30;
const signature = 0x04034b50;
const descriptorSignature = 0x08074b50;

/** What the two headers of an entry have to say alike: encryption, descriptor, character set. */
const samePart = flag.encrypted | flag.descriptor | flag.strongEncryption | flag.utf8 | flag.masked;

/**
 * Checks that the entries of a zip lie one behind the other, from its first byte to its directory, with
 * nothing before, between or over each other, and that each says of itself what the directory says of
 * it (APPNOTE.TXT 4.3.7, 4.3.9). Whoever reads the file from its beginning then sees what we see.
 *
 * @param end where the directory begins
 * @returns where the data of each begins
 * @throws InvalidInputError naming the first entry that is otherwise
 */
export function checkLocalHeaders(
  file: ZipFile,
  members: readonly Member[],
  end: number,
): ReadonlyMap<Member, number> {
  for (const { path, offset } of members) {
    if (offset + headerLength > end) throw entryFault(path, "its header lies beyond the entries");
  }
  const sorted = [...members].sort((a, b) => a.offset - b.offset);
  const [first] = sorted;
  if (first !== undefined && first.offset !== 0) {
    throw zipFault(`${first.offset} bytes stand before its first entry`);
  }
  const begins = new Map<Member, number>();
  sorted.forEach((member, index) => {
    const next = sorted[index + 1]?.offset ?? end;
    const begin = checkHeader(file, member, end);
    begins.set(member, begin);
    const dataEnd = begin + member.compressed;
    if (dataEnd > next) throw entryFault(member.path, "it overlaps with what follows it");
    checkRest(file, member, dataEnd, next - dataEnd);
  });
  return begins;
}

/** Gives where the data begins. */
function checkHeader(file: ZipFile, member: Member, end: number): number {
  const { path, offset } = member;
  const bad = (why: string) => entryFault(path, why);
  const header = littleEndian(file.read(offset, headerLength));
  if (header.u32(0) !== signature) throw bad("its header is not where it is said to be");
  const nameLength = header.u16(26);
  const begin = offset + headerLength + nameLength + header.u16(28);
  if (begin + member.compressed > end) throw bad("its data reaches beyond the entries");
  const names = file.read(offset + headerLength, begin - offset - headerLength);
  const name = names.subarray(0, nameLength);
  if (nameLength !== member.rawName.length || name.some((b, i) => b !== member.rawName[i])) {
    const other = new TextDecoder().decode(name);
    throw bad(`its own header gives it another name, ${JSON.stringify(other.slice(0, 100))}`);
  }
  const flags = header.u16(6);
  if ((flags & samePart) !== (member.flags & samePart)) throw bad("its two headers differ: flags");
  if (header.u16(8) !== member.method) throw bad("its two headers differ: compression");
  const fields = readExtraFields(names.subarray(nameLength), path);
  const [size, compressed] = widen([header.u32(22), header.u32(18)], fields, path);
  const later = (flags & flag.descriptor) !== 0;
  const same = (own: number, said: number) => own === said || (later && own === 0);
  if (!same(size!, member.size) || !same(compressed!, member.compressed)) {
    throw bad("its two headers differ: sizes");
  }
  if (!same(header.u32(14), member.crc32)) throw bad("its two headers differ: CRC");
  return begin;
}

/** What stands between the data and the next entry: nothing, or a data descriptor. */
function checkRest(file: ZipFile, member: Member, at: number, length: number): void {
  const bad = (why: string) => entryFault(member.path, why);
  if ((member.flags & flag.descriptor) === 0) {
    if (length > 0) throw bad(`${length} bytes that belong to nothing follow it`);
    return;
  }
  if (![12, 16, 20, 24].includes(length)) {
    throw bad(`its data descriptor has ${length} bytes, or something follows it`);
  }
  const signed = length === 16 || length === 24;
  const wide = length >= 20;
  const bytes = littleEndian(file.read(at, length));
  const from = signed ? 4 : 0;
  const compressed = wide ? bytes.u64(from + 4) : bytes.u32(from + 4);
  const size = wide ? bytes.u64(from + 12) : bytes.u32(from + 8);
  if (signed && bytes.u32(0) !== descriptorSignature) throw bad("its data descriptor is malformed");
  if (
    bytes.u32(from) !== member.crc32 || compressed !== member.compressed || size !== member.size
  ) throw bad("its data descriptor differs from the directory");
}
