/** How much a zip may bring. */
export interface Limits {
  /** Files and folders, those that are named only as part of a path included. */
  readonly max_entries: number;
  /** Bytes of all files, unpacked. */
  readonly max_bytes: number;
  /** Bytes of one file, unpacked. */
  readonly max_file: number;
  /** How many bytes one byte may unpack to, of files of more than {@linkcode ratioFrom} bytes. */
  readonly max_ratio: number;
}

/** Bytes up to which a file may be as compressible as it likes: 4 MiB. */
export const ratioFrom = 4 * 1024 * 1024;

/** Bytes of a central directory, which is held in memory: 16 MiB. */
export const mostDirectory = 16 * 1024 * 1024;
