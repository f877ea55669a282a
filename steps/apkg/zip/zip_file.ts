import { InvalidInputError } from "../../../engine/errors.ts";

/** A file that is read here and there. */
export interface ZipFile extends Disposable {
  /** Bytes, as they were when it was opened. */
  readonly size: number;
  /**
   * Exactly `length` bytes from `offset` on.
   *
   * @throws InvalidInputError when the file does not hold them
   */
  read(offset: number, length: number): Uint8Array<ArrayBuffer>;
}

/**
 * Opens a zip for reading. A read is one call without a wait, so that reads cannot come between each
 * other; whoever reads much does so in small pieces.
 *
 * @throws InvalidInputError when it is no file
 */
export async function openZipFile(path: string): Promise<ZipFile> {
  // By its path: the open file would need read of what a link leads to, and a pipe never opens.
  if (!(await Deno.stat(path)).isFile) {
    throw new InvalidInputError(`the package ${path} is no file`);
  }
  const file = await Deno.open(path);
  const size = await file.seek(0, Deno.SeekMode.End);
  return {
    size,
    read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > size) throw cutOff();
      const bytes = new Uint8Array(length);
      file.seekSync(offset, Deno.SeekMode.Start);
      for (let have = 0; have < length;) {
        const count = file.readSync(bytes.subarray(have));
        if (count === null) throw cutOff();
        have += count;
      }
      return bytes;
    },
    [Symbol.dispose]: () => file.close(),
  };
}

function cutOff(): InvalidInputError {
  return new InvalidInputError("the package is cut off", { hint: "fetch it again" });
}
