import { hashFile } from "../release/verify_release.ts";

/** A file as it was when its content was hashed. */
export interface KnownFile {
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly mtime: number;
  readonly sha256: string;
}

/**
 * What a file is now. One of the size and time of `known` is not read again: that is what makes a boot
 * with a large interpreter or wheelhouse quick.
 */
export async function lookAtFile(
  path: string,
  known: KnownFile | undefined,
  signal: AbortSignal,
): Promise<KnownFile> {
  const info = await Deno.stat(path);
  const size = info.size;
  const mtime = info.mtime?.getTime() ?? 0;
  const same = known !== undefined && known.size === size && known.mtime === mtime;
  return { size, mtime, sha256: same ? known.sha256 : await hashFile(path, signal) };
}
