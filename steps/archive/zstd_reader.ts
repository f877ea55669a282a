import { InvalidInputError } from "../../engine/errors.ts";
import { zstdFrame } from "./zstd_frame.ts";

/** A decompressed stream; disposing of it stops the work and waits for its end. */
export interface ZstdReader extends AsyncDisposable {
  readonly chunks: AsyncIterator<Uint8Array>;
}

/** Bytes that are read and decompressed at once. */
const chunkSize = 256 * 1024;

/**
 * Decompresses a file that is exactly one zstd frame, a chunk at a time, ahead of the reader by a few
 * chunks at most. Decompressing runs beside this thread.
 *
 * @param onCompressed sees each chunk of the file before it is decompressed
 * @param what names the file in messages
 * @throws InvalidInputError while reading, when it is damaged, cut off or followed by something
 */
export async function readZstd(
  file: Deno.FsFile,
  what: string,
  onCompressed: (chunk: Uint8Array) => void,
): Promise<ZstdReader> {
  const { createZstdDecompress } = await import("node:zlib");
  const stream = createZstdDecompress({ chunkSize });
  const frame = zstdFrame(what);
  let stopped = false;
  let wake = () => {};

  async function pump(): Promise<void> {
    for (;;) {
      const buffer = new Uint8Array(chunkSize);
      const count = await file.read(buffer);
      if (stopped) return;
      if (count === null) break;
      const chunk = buffer.subarray(0, count);
      frame.push(chunk);
      onCompressed(chunk);
      if (!stream.write(chunk)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          stream.once("drain", resolve);
        });
        if (stopped) return;
      }
    }
    frame.end();
    stream.end();
  }

  const pumped = pump().catch((error: unknown) => {
    stream.destroy(error instanceof Error ? error : new Error(String(error)));
  });

  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of stream) yield chunk as Uint8Array;
    } catch (error) {
      // The decompressor's errors have no class of their own.
      if (error instanceof Error && /zstd/i.test(error.message) && error.name === "Error") {
        throw new InvalidInputError(`${what} is damaged: ${error.message}`, { cause: error });
      }
      throw error;
    }
  }

  const iterator = chunks();
  return {
    chunks: iterator,
    async [Symbol.asyncDispose]() {
      stopped = true;
      // An error that nobody reads any more must not end the process.
      stream.on("error", () => {});
      stream.destroy();
      wake();
      await pumped;
      await iterator.return(undefined);
    },
  };
}
