import { type EndRecord } from "./end_record.ts";
import { extraId, readExtraFields, widen } from "./extra_field.ts";
import { type Limits, mostDirectory, ratioFrom } from "./limits.ts";
import { type LittleEndian, littleEndian } from "./little_endian.ts";
import { flag, type Member, method } from "./member.ts";
import { readName } from "./read_name.ts";
import type { ZipFile } from "./zip_file.ts";
import { entryFault, zipFault } from "./zip_fault.ts";

const headerLength = 46;
const signature = 0x02014b50;

/** The type in a Unix mode. */
const modeType = { mask: 0o170000, file: 0o100000, folder: 0o040000, link: 0o120000 } as const;

/**
 * Reads the central directory (APPNOTE.TXT 4.3.12), entry by entry, each judged by what it says of
 * itself. Nothing of an entry has been looked at yet.
 *
 * @throws InvalidInputError naming the first entry that may not be
 */
export function readCentralDirectory(
  file: ZipFile,
  end: EndRecord,
  limits: Limits,
): readonly Member[] {
  if (end.entries === 0) throw zipFault("it holds nothing");
  if (end.entries > limits.max_entries) {
    throw zipFault(`it has ${end.entries} entries, more than ${limits.max_entries}`);
  }
  if (end.size > mostDirectory) {
    throw zipFault(`its directory has ${end.size} bytes, more than ${mostDirectory}`);
  }
  const bytes = file.read(end.offset, end.size);
  const numbers = littleEndian(bytes);
  const members: Member[] = [];
  let total = 0;
  let at = 0;
  for (let index = 0; index < end.entries; index++) {
    if (at + headerLength > bytes.length || numbers.u32(at) !== signature) {
      throw zipFault(`its directory holds ${index} entries, and ${end.entries} are said`);
    }
    const nameEnd = at + headerLength + numbers.u16(at + 28);
    const extraEnd = nameEnd + numbers.u16(at + 30);
    const next = extraEnd + numbers.u16(at + 32);
    if (next > bytes.length) throw zipFault("its directory is cut off");
    const member = readMember(
      littleEndian(bytes.subarray(at, at + headerLength)),
      bytes.subarray(at + headerLength, nameEnd),
      bytes.subarray(nameEnd, extraEnd),
    );
    checkSize(member, limits);
    total += member.size;
    if (total > limits.max_bytes) {
      throw entryFault(member.path, `with it, more than ${limits.max_bytes} bytes are unpacked`);
    }
    members.push(member);
    at = next;
  }
  if (at !== bytes.length) {
    throw zipFault(`${bytes.length - at} bytes follow the last entry of its directory`);
  }
  return members;
}

function readMember(header: LittleEndian, rawName: Uint8Array, extra: Uint8Array): Member {
  const shown = new TextDecoder().decode(rawName);
  const fields = readExtraFields(extra, shown);
  const name = readName(rawName, fields);
  const [size, compressed, offset] = widen(
    [header.u32(24), header.u32(20), header.u32(42)],
    fields,
    name,
  ) as [number, number, number];
  const flags = header.u16(8);
  if ((flags & (flag.encrypted | flag.strongEncryption | flag.masked)) !== 0) {
    throw entryFault(name, "it is encrypted");
  }
  if (fields.has(extraId.aes)) throw entryFault(name, "it is encrypted");
  if ((flags & flag.patched) !== 0) throw entryFault(name, "it is a patch of another file");
  const way = header.u16(10);
  if (way !== method.store && way !== method.deflate) {
    throw entryFault(name, `its compression (${way}) is neither store nor deflate`);
  }
  if (header.u16(34) !== 0) throw entryFault(name, "it lies in another file of several");
  const folder = name.endsWith("/");
  const attributes = header.u32(38);
  const mode = attributes >>> 16;
  checkType(name, folder, mode, (attributes & 0x10) !== 0);
  if (folder && size !== 0) throw entryFault(name, "it is a folder with content");
  return {
    path: folder ? name.slice(0, -1) : name,
    folder,
    executable: (mode & 0o100) !== 0,
    rawName,
    flags,
    method: way,
    crc32: header.u32(16),
    compressed,
    size,
    offset,
  };
}

/** The type by the mode, whatever system the entry is said to come from. */
function checkType(name: string, folder: boolean, mode: number, dosFolder: boolean): void {
  const type = mode & modeType.mask;
  if (type === modeType.link) throw entryFault(name, "it is a symbolic link");
  if (type !== 0 && type !== modeType.file && type !== modeType.folder) {
    throw entryFault(name, "it is neither a file nor a folder");
  }
  const isFolder = type === modeType.folder || (type === 0 && dosFolder);
  if (type === 0 ? isFolder && !folder : isFolder !== folder) {
    throw entryFault(name, "its name and its mode disagree whether it is a folder");
  }
}

function checkSize({ path, size, compressed, method: way }: Member, limits: Limits): void {
  if (size > limits.max_file) {
    throw entryFault(path, `it unpacks to ${size} bytes, more than ${limits.max_file}`);
  }
  if (way === method.store && size !== compressed) {
    throw entryFault(path, "it is stored as it is, and its two sizes differ");
  }
  if (size > ratioFrom && size > compressed * limits.max_ratio) {
    throw entryFault(
      path,
      `it unpacks to more than ${limits.max_ratio} times its size: ${compressed} bytes to ${size}`,
    );
  }
}
