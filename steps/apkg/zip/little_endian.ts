/** Reads numbers as zips hold them. */
export interface LittleEndian {
  readonly length: number;
  u16(offset: number): number;
  u32(offset: number): number;
  /** `undefined` where a number of JavaScript would not be exact. */
  u64(offset: number): number | undefined;
}

/**
 * A view of bytes as numbers, the least significant byte first. Reading beyond their end throws
 * RangeError: the caller knows the length.
 *
 * @example
 * ```ts
 * import { littleEndian } from "./little_endian.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(littleEndian(new Uint8Array([1, 2])).u16(0), 0x0201);
 * ```
 */
export function littleEndian(bytes: Uint8Array): LittleEndian {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    length: bytes.length,
    u16: (offset) => view.getUint16(offset, true),
    u32: (offset) => view.getUint32(offset, true),
    u64(offset) {
      const value = Number(view.getBigUint64(offset, true));
      return Number.isSafeInteger(value) ? value : undefined;
    },
  };
}
