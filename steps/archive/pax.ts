import { InvalidInputError } from "../../engine/errors.ts";

const encoder = new TextEncoder();

/** What a pax header may say about the entry after it. */
export interface PaxOverrides {
  readonly path?: string;
  readonly linkpath?: string;
  readonly size?: number;
}

/** Keys that say nothing about content; GNU tar and others write them. */
const ignored = new Set([
  "atime",
  "comment",
  "ctime",
  "gid",
  "gname",
  "mtime",
  "uid",
  "uname",
]);

/**
 * Reads the records of a pax extended header (POSIX.1-2017, `pax`, "LENGTH KEY=VALUE\n").
 *
 * @throws InvalidInputError when it is malformed, says something twice, or says something that has a
 * meaning we do not give it (sparse files, other character sets, attributes)
 */
export function readPax(bytes: Uint8Array): PaxOverrides {
  const values = new Map<string, string>();
  for (let at = 0; at < bytes.length;) {
    const { key, value, end } = readRecord(bytes, at);
    if (values.has(key)) throw malformed(`it says ${key} twice`);
    if (value === "") throw malformed(`it says nothing for ${key}`);
    values.set(key, value);
    at = end;
  }
  for (const key of values.keys()) {
    if (!ignored.has(key) && key !== "path" && key !== "linkpath" && key !== "size") {
      throw new InvalidInputError(`the archive has a pax header with ${key.slice(0, 60)}`, {
        hint: "sparse files, attributes and other character sets are not supported",
      });
    }
  }
  const path = values.get("path");
  const linkpath = values.get("linkpath");
  const size = values.get("size");
  if (size !== undefined && !/^(0|[1-9]\d{0,15})$/.test(size)) throw malformed("its size is odd");
  return {
    ...(path === undefined ? {} : { path }),
    ...(linkpath === undefined ? {} : { linkpath }),
    ...(size === undefined ? {} : { size: Number(size) }),
  };
}

/** The records of a pax extended header. */
export function encodePax(values: Readonly<Record<string, string>>): Uint8Array {
  const records = Object.entries(values).map(([key, value]) => {
    const body = encoder.encode(` ${key}=${value}\n`);
    // The length counts its own digits.
    let length = body.length + 1;
    while (body.length + String(length).length !== length) length++;
    return [encoder.encode(String(length)), body];
  }).flat();
  const whole = new Uint8Array(records.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const record of records) {
    whole.set(record, at);
    at += record.length;
  }
  return whole;
}

function readRecord(
  bytes: Uint8Array,
  at: number,
): { key: string; value: string; end: number } {
  const space = bytes.indexOf(0x20, at);
  const digits = space < 0
    ? ""
    : String.fromCharCode(...bytes.subarray(at, Math.min(space, at + 9)));
  if (space - at > 8 || !/^[1-9]\d*$/.test(digits)) throw malformed("a length is missing");
  const end = at + Number(digits);
  if (end > bytes.length || end <= space + 2 || bytes[end - 1] !== 0x0a) {
    throw malformed("a length is wrong");
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode(bytes.subarray(space + 1, end - 1));
  } catch {
    throw malformed("it is not UTF-8");
  }
  const equals = text.indexOf("=");
  if (equals < 1) throw malformed("a key is missing");
  return { key: text.slice(0, equals), value: text.slice(equals + 1), end };
}

function malformed(why: string): InvalidInputError {
  return new InvalidInputError(`the archive has a malformed pax header: ${why}`);
}
