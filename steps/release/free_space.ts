import { FailedError } from "../../engine/errors.ts";

/** What a file system has left for this user. */
export interface FreeSpace {
  readonly bytes: number;
  /** Absent where the file system makes inodes as it needs them. */
  readonly inodes?: number;
}

/** Kept free besides what a release needs: logs and data have to go on growing. */
const reserve = { bytes: 16 * 1024 * 1024, part: 0.05, inodes: 256 };

/** Asks the file system of an existing folder. Needs the right to ask for `statfs`. */
export async function freeSpace(folder: string): Promise<FreeSpace> {
  const { statfs } = await import("node:fs/promises");
  const { bsize, bavail, files, ffree } = await statfs(folder);
  return { bytes: bsize * bavail, ...(files === 0 ? {} : { inodes: ffree }) };
}

/**
 * Refuses what would fill a file system.
 *
 * @throws FailedError that says how much is needed, the reserve included, and how much is free
 */
export function checkSpace(
  needed: { readonly bytes: number; readonly inodes: number },
  free: FreeSpace,
  folder: string,
): void {
  const bytes = needed.bytes + Math.max(reserve.bytes, Math.ceil(needed.bytes * reserve.part));
  const inodes = needed.inodes + reserve.inodes;
  const hint = "make room, or lower the number of releases that are kept";
  if (free.bytes < bytes) {
    const message =
      `${folder} has ${free.bytes} bytes free, and ${bytes} are needed, the reserve included`;
    throw new FailedError(message, { hint });
  }
  if (free.inodes !== undefined && free.inodes < inodes) {
    const message = `${folder} has ${free.inodes} inodes free, and ${inodes} are needed`;
    throw new FailedError(message, { hint });
  }
}
