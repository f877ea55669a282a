import { InvalidInputError } from "../../engine/errors.ts";

export const blockSize = 512;

/** Types of entries that are known here; every other one is refused. */
export type TarType = "file" | "folder" | "link" | "pax";

/** One header block, as it stands; a pax header before it may override parts. */
export interface TarHeader {
  readonly type: TarType;
  readonly name: string;
  readonly target: string;
  readonly size: number;
  readonly mode: number;
}

const types: Readonly<Record<string, TarType>> = {
  "0": "file",
  "2": "link",
  "5": "folder",
  "x": "pax",
};

const refusedTypes: Readonly<Record<string, string>> = {
  "\0": "a file in the format of before POSIX",
  "1": "a hard link",
  "3": "a character device",
  "4": "a block device",
  "6": "a named pipe",
  "7": "a contiguous file",
  "D": "a GNU folder listing",
  "K": "a GNU long link name",
  "L": "a GNU long name",
  "M": "a part of a file on several volumes",
  "S": "a GNU sparse file",
  "V": "a GNU volume label",
  "g": "a global pax header",
};

const fields = {
  name: [0, 100],
  mode: [100, 8],
  size: [124, 12],
  checksum: [148, 8],
  type: [156, 1],
  linkName: [157, 100],
  magic: [257, 8],
  prefix: [345, 155],
} as const satisfies Record<string, readonly [number, number]>;

/**
 * Reads a header block of the ustar format (POSIX.1-2017, `pax`, "ustar Interchange Format").
 * Strict: the checksum holds, numbers are octal, texts are UTF-8 and end at their first NUL.
 *
 * @throws InvalidInputError when it is malformed, or its type is not one of {@linkcode TarType}
 */
export function readTarHeader(block: Uint8Array): TarHeader {
  const field = (name: keyof typeof fields) => {
    const [start, length] = fields[name];
    return block.subarray(start, start + length);
  };
  if (readOctal(field("checksum"), "checksum") !== checksumOf(block)) {
    throw new InvalidInputError("the archive is damaged: a header has a wrong checksum");
  }
  const letter = String.fromCharCode(field("type")[0]!);
  const type = Object.hasOwn(types, letter) ? types[letter] : undefined;
  const prefix = readText(field("prefix"), "prefix");
  const rest = readText(field("name"), "name");
  const name = prefix === "" ? rest : `${prefix}/${rest}`;
  if (type === undefined) {
    const kind = refusedTypes[letter] ?? `an entry of type ${JSON.stringify(letter)}`;
    throw new InvalidInputError(`the archive holds ${kind}: ${JSON.stringify(name)}`, {
      hint: "files, folders and symbolic links are supported, in the formats ustar and pax",
    });
  }
  if (String.fromCharCode(...field("magic")) !== "ustar\x0000") {
    throw new InvalidInputError("the archive is not in the format ustar or pax", {
      hint: "write it with tar --format=pax",
    });
  }
  return {
    type,
    name,
    target: readText(field("linkName"), "link name"),
    size: readOctal(field("size"), "size"),
    mode: readOctal(field("mode"), "mode"),
  };
}

/** What a header block is made from; what else it holds is always the same. */
export interface NewHeader {
  readonly type: TarType;
  /** At most 100 bytes of ASCII. */
  readonly name: string;
  readonly target?: string;
  /** At most 8 GiB - 1. */
  readonly size: number;
  readonly mode: number;
}

/** A header block: owner 0, time 0. */
export function encodeTarHeader({ type, name, target = "", size, mode }: NewHeader): Uint8Array {
  const block = new Uint8Array(blockSize);
  const encoder = new TextEncoder();
  const put = (text: string, at: number) => block.set(encoder.encode(text), at);
  const letter = Object.keys(types).find((letter) => types[letter] === type)!;
  put(name, 0);
  put(`${octal(mode, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, fields.mode[0]);
  put(`${octal(size, 11)}\0${octal(0, 11)}\0        ${letter}`, fields.size[0]);
  put(target, fields.linkName[0]);
  put("ustar\x0000", fields.magic[0]);
  // The numbers of a device, which is none: 0.
  put(`${octal(0, 7)}\0${octal(0, 7)}\0`, 329);
  put(`${octal(checksumOf(block), 6)}\0 `, fields.checksum[0]);
  return block;
}

/** Whether a block holds nothing but zeros: two of these end an archive. */
export function isZero(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

function checksumOf(block: Uint8Array): number {
  let sum = 8 * 0x20; // The checksum's own field counts as spaces.
  for (const byte of block) sum += byte;
  const [start, length] = fields.checksum;
  for (const byte of block.subarray(start, start + length)) sum -= byte;
  return sum;
}

function readOctal(field: Uint8Array, what: string): number {
  const text = /^ *([0-7]+)[ \0]+$/.exec(String.fromCharCode(...field))?.[1];
  if (text === undefined) {
    throw new InvalidInputError(`the archive has a header whose ${what} is no octal number`);
  }
  return parseInt(text, 8);
}

function readText(field: Uint8Array, what: string): string {
  const end = field.indexOf(0);
  const text = end < 0 ? field : field.subarray(0, end);
  if (end >= 0 && !isZero(field.subarray(end))) {
    throw new InvalidInputError(`the archive has a header that hides bytes after its ${what}`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(text);
  } catch {
    throw new InvalidInputError(`the archive has a header whose ${what} is not UTF-8`);
  }
}

function octal(number: number, digits: number): string {
  return number.toString(8).padStart(digits, "0");
}
