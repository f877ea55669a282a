import { littleEndian } from "./little_endian.ts";
import { entryFault } from "./zip_fault.ts";

/** Ids of the extra fields that are looked at (APPNOTE.TXT 4.5.2, 4.6.9). */
export const extraId = { zip64: 0x0001, unicodePath: 0x7075, aes: 0x9901 } as const;

const looked: readonly number[] = Object.values(extraId);

/**
 * The extra fields of a header, by id. Up to three zero bytes may fill the end.
 *
 * @param name of the entry, for messages
 * @throws InvalidInputError when they are malformed, or one that is looked at is there twice
 */
export function readExtraFields(bytes: Uint8Array, name: string): ReadonlyMap<number, Uint8Array> {
  const fields = new Map<number, Uint8Array>();
  const numbers = littleEndian(bytes);
  let at = 0;
  while (at + 4 <= bytes.length) {
    const id = numbers.u16(at);
    const end = at + 4 + numbers.u16(at + 2);
    if (end > bytes.length) throw entryFault(name, "its extra fields are malformed");
    if (fields.has(id) && looked.includes(id)) {
      throw entryFault(name, "it has the same extra field twice");
    }
    fields.set(id, bytes.subarray(at + 4, end));
    at = end;
  }
  if (bytes.subarray(at).some((byte) => byte !== 0)) {
    throw entryFault(name, "its extra fields are malformed");
  }
  return fields;
}

/**
 * Numbers of a header that zip64 may hold elsewhere: each that is all ones stands in the extra field
 * instead, in this order.
 *
 * @throws InvalidInputError when it does not stand there
 */
export function widen(
  narrow: readonly number[],
  fields: ReadonlyMap<number, Uint8Array>,
  name: string,
): readonly number[] {
  const wide = littleEndian(fields.get(extraId.zip64) ?? new Uint8Array());
  let at = 0;
  return narrow.map((value) => {
    if (value !== 0xffffffff) return value;
    const real = at + 8 <= wide.length ? wide.u64(at) : undefined;
    if (real === undefined) throw entryFault(name, "its zip64 sizes are missing or absurd");
    at += 8;
    return real;
  });
}
