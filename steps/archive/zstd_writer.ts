import { zstdFrame } from "./zstd_frame.ts";

/** Compresses what is written to it. */
export interface ZstdWriter extends AsyncDisposable {
  write(chunk: Uint8Array): Promise<void>;
  /** Ends the frame and waits until all of it has been given out. */
  end(): Promise<void>;
}

const chunkSize = 256 * 1024;

/**
 * Compresses into one zstd frame. The same bytes give the same frame however they were cut up when
 * they were written: level, window and threads are fixed, and they reach the compressor in pieces of
 * one size. (Another version of the zstd library may compress otherwise.)
 *
 * @param out is given the compressed bytes in order, and awaited
 */
export async function writeZstd(out: (chunk: Uint8Array) => Promise<void>): Promise<ZstdWriter> {
  const { constants, createZstdCompress } = await import("node:zlib");
  const stream = createZstdCompress({
    chunkSize,
    params: {
      [constants.ZSTD_c_compressionLevel]: 9,
      [constants.ZSTD_c_checksumFlag]: 0,
      [constants.ZSTD_c_nbWorkers]: 0,
    },
  });
  let piece = new Uint8Array(chunkSize);
  let have = 0;
  let failure: { readonly error: unknown } | undefined;
  let wake = () => {};

  // When the end of the frame does not fit into the compressor's buffer, Deno asks for the end a
  // second time, and a second, empty frame follows. It is left away.
  const frame = zstdFrame("what was compressed");
  const drained = (async () => {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      const own = frame.take(chunk);
      if (own > 0) await out(chunk.subarray(0, own));
    }
  })().catch((error: unknown) => {
    failure = { error };
    stream.destroy();
    wake();
  });

  async function give(bytes: Uint8Array): Promise<void> {
    if (failure !== undefined) throw failure.error;
    if (stream.write(bytes)) return;
    await new Promise<void>((resolve) => {
      wake = resolve;
      stream.once("drain", resolve);
      if (failure !== undefined) resolve();
    });
    if (failure !== undefined) throw (failure as { error: unknown }).error;
  }

  return {
    async write(chunk) {
      for (let at = 0; at < chunk.length;) {
        const taken = chunk.subarray(at, at + chunkSize - have);
        piece.set(taken, have);
        have += taken.length;
        at += taken.length;
        if (have === chunkSize) {
          await give(piece);
          piece = new Uint8Array(chunkSize);
          have = 0;
        }
      }
    },
    async end() {
      if (have > 0) await give(piece.subarray(0, have));
      stream.end();
      await drained;
      if (failure !== undefined) throw (failure as { error: unknown }).error;
      frame.end();
    },
    async [Symbol.asyncDispose]() {
      stream.on("error", () => {});
      stream.destroy();
      await drained;
    },
  };
}
