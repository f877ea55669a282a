import { InvalidInputError } from "../../engine/errors.ts";

/** Takes a stream of chunks in the pieces that a format has. */
export interface ByteReader {
  /**
   * Exactly `count` bytes; a view of the stream's chunk where it holds them all.
   *
   * @throws InvalidInputError when the stream ends before
   */
  exactly(count: number): Promise<Uint8Array>;
  /** At least 1 and at most `most` bytes, as they come; `undefined` at the end of the stream. */
  some(most: number): Promise<Uint8Array | undefined>;
}

/** @param what names the stream in messages, such as `the archive` */
export function byteReader(
  chunks: AsyncIterator<Uint8Array>,
  what: string,
): ByteReader {
  let rest: Uint8Array = new Uint8Array();

  async function fill(): Promise<boolean> {
    while (rest.length === 0) {
      const next = await chunks.next();
      if (next.done === true) return false;
      rest = next.value;
    }
    return true;
  }

  function take(count: number): Uint8Array {
    const taken = rest.subarray(0, count);
    rest = rest.subarray(count);
    return taken;
  }

  return {
    async exactly(count) {
      if (rest.length >= count) return take(count);
      const whole = new Uint8Array(count);
      for (let have = 0; have < count;) {
        if (!await fill()) throw new InvalidInputError(`${what} is cut off`);
        const piece = take(count - have);
        whole.set(piece, have);
        have += piece.length;
      }
      return whole;
    },
    async some(most) {
      return await fill() ? take(most) : undefined;
    },
  };
}
