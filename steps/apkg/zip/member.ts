/** One entry of a zip, as its central directory says it is. */
export interface Member {
  /** Path within the package, without the slash that ends the name of a folder. */
  readonly path: string;
  readonly folder: boolean;
  /** Whether the owner may execute it. */
  readonly executable: boolean;
  /** The name as it stands in the zip. */
  readonly rawName: Uint8Array;
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  /** Bytes in the zip. */
  readonly compressed: number;
  /** Bytes when unpacked. */
  readonly size: number;
  /** Where its local header begins. */
  readonly offset: number;
}

/** Bits of the flags (APPNOTE.TXT 4.4.4). */
export const flag = {
  encrypted: 1 << 0,
  /** Sizes and CRC stand behind the data. */
  descriptor: 1 << 3,
  patched: 1 << 5,
  strongEncryption: 1 << 6,
  /** The name is UTF-8. */
  utf8: 1 << 11,
  masked: 1 << 13,
} as const;

/** Ways of compression that are unpacked. */
export const method = { store: 0, deflate: 8 } as const;
