import { createInflateRaw } from "node:zlib";

/** Bytes that come out at once. */
const chunkSize = 16 * 1024;

/**
 * Decompresses raw deflate, as `DecompressionStream("deflate-raw")` does, which gives all that a chunk
 * unpacks to in one: up to 1032 times as much. This one gives 64 KiB at most and then waits for its
 * reader, so that a bomb costs no memory; and it minds what follows the compressed data.
 */
export class InflateStream {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;

  constructor() {
    const inflate = createInflateRaw({ chunkSize });
    let given = 0;
    // The reader and the writer are told of a fault, each by its own promise.
    inflate.on("error", () => {});
    this.writable = new WritableStream({
      write(chunk) {
        given += chunk.length;
        return new Promise((resolve, reject) => {
          inflate.write(chunk, (error) => error ? reject(error) : resolve());
        });
      },
      close: () => void inflate.end(),
      abort: (reason) => void inflate.destroy(asError(reason)),
    }, { highWaterMark: 1 });
    const pieces = inflate[Symbol.asyncIterator]();
    this.readable = new ReadableStream({
      async pull(controller) {
        const next = await pieces.next();
        if (next.done !== true) return controller.enqueue(next.value as Uint8Array);
        const rest = given - inflate.bytesWritten;
        if (rest > 0) throw new Error(`${rest} bytes follow it`);
        controller.close();
      },
      cancel: (reason) => void inflate.destroy(asError(reason)),
    }, { highWaterMark: 0 });
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
