import { InvalidInputError } from "../../engine/errors.ts";

/** Watches compressed bytes go by. */
export interface ZstdFrame {
  /** @throws InvalidInputError when they are not, or no longer, those of one frame */
  push(chunk: Uint8Array): void;
  /**
   * As `push`, for who knows what may follow: gives how many bytes of the chunk are the frame's.
   *
   * @throws InvalidInputError when they are not those of a frame
   */
  take(chunk: Uint8Array): number;
  /** @throws InvalidInputError when the frame has not ended */
  end(): void;
}

/**
 * Checks that a stream is exactly one Zstandard frame (RFC 8878 §3.1.1), by its headers alone. The
 * decompressor of `node:zlib` takes a frame that is cut off for a whole one, and passes over what
 * follows a frame: with it alone, damage goes unseen.
 *
 * @param what names the stream in messages
 */
export function zstdFrame(what: string): ZstdFrame {
  /** Bytes of the piece that is being collected, and how many it has. */
  let piece = new Uint8Array(18);
  let have = 0;
  let want = 4;
  /** Bytes to pass over. */
  let skip = 0;
  let state: "magic" | "descriptor" | "header" | "block" | "done" = "magic";
  let checksum = 0;
  let last = false;

  function next(bytes: Uint8Array): void {
    switch (state) {
      case "magic":
        if (readLittleEndian(bytes) !== 0xfd2fb528) {
          throw new InvalidInputError(`${what} is not compressed with zstd`);
        }
        return expect("descriptor", 1);
      case "descriptor": {
        const descriptor = bytes[0]!;
        if ((descriptor & 0x08) !== 0) throw damaged();
        checksum = (descriptor & 0x04) === 0 ? 0 : 4;
        const single = (descriptor & 0x20) !== 0;
        const contentSize = [single ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
        const dictionary = [0, 1, 2, 4][descriptor & 0x03]!;
        const length = (single ? 0 : 1) + dictionary + contentSize;
        return expect("header", length);
      }
      case "header":
        return expect("block", 3);
      case "block": {
        const header = readLittleEndian(bytes);
        const type = (header >> 1) & 0x03;
        if (type === 3) throw damaged();
        last = (header & 1) === 1;
        // A block of type 1 is one byte that is to be repeated.
        skip = type === 1 ? 1 : header >> 3;
        if (last) skip += checksum;
        return expect(last ? "done" : "block", 3);
      }
    }
  }

  function expect(following: typeof state, length: number): void {
    state = following;
    want = length;
    have = 0;
    if (length === 0) next(piece.subarray(0, 0));
  }

  const damaged = () => new InvalidInputError(`${what} is damaged: its zstd frame is not valid`);

  function take(chunk: Uint8Array): number {
    let at = 0;
    while (at < chunk.length) {
      if (skip > 0) {
        const passed = Math.min(skip, chunk.length - at);
        skip -= passed;
        at += passed;
        continue;
      }
      if (state === "done") break;
      const taken = chunk.subarray(at, at + want - have);
      piece.set(taken, have);
      have += taken.length;
      at += taken.length;
      if (have === want) {
        const whole = piece.subarray(0, want);
        piece = new Uint8Array(18);
        next(whole);
      }
    }
    return at;
  }

  return {
    take,
    push(chunk) {
      if (take(chunk) === chunk.length) return;
      throw new InvalidInputError(`${what} goes on after its end`, {
        hint: "something was appended to it; fetch it again",
      });
    },
    end() {
      if (state !== "done" || skip > 0) {
        throw new InvalidInputError(`${what} is cut off`, { hint: "fetch it again" });
      }
    },
  };
}

function readLittleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((number, byte) => number * 256 + byte, 0);
}
