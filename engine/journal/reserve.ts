import { FailedError } from "../errors.ts";

/** Space that a run keeps, so that its journal can tell its end on a disk that is full. */
export interface Reserve {
  /** Gives the space back to the file system. @returns whether there was any left to give */
  release(): Promise<boolean>;
}

/**
 * Takes that space: a file of random bytes, which no file system can store in less. One that an
 * earlier process of the run left is kept as it is.
 *
 * Needs read and write of the file.
 *
 * @param bytes how much; at least 1
 * @throws FailedError when there is no room for it, and nothing of it is left
 */
export async function keepReserve(path: string, bytes: number): Promise<Reserve> {
  try {
    await fillUp(path, bytes);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable || !(error instanceof Error)) throw error;
    await remove(path);
    throw new FailedError(`${path} cannot be written: ${error.message}`, {
      cause: error,
      hint: `${bytes} bytes are kept for the journal of a run: free some space, then try again`,
    });
  }
  return { release: () => remove(path) };
}

async function fillUp(path: string, bytes: number): Promise<void> {
  using file = await Deno.open(path, { write: true, create: true, mode: 0o600 });
  let at = await file.seek(0, Deno.SeekMode.End);
  while (at < bytes) {
    // The longest that is given at once is 64 KiB.
    const piece = crypto.getRandomValues(new Uint8Array(Math.min(bytes - at, 65536)));
    at += await file.write(piece);
  }
}

async function remove(path: string): Promise<boolean> {
  return await Deno.remove(path).then(() => true, () => false);
}
