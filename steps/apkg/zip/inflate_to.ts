import type { Entry } from "@zip.js/zip.js";
import { crc32 } from "node:zlib";
import { checkContent, damaged, wrongSize } from "./check_content.ts";
import type { Member } from "./member.ts";

/** An entry that is no folder. */
interface Readable {
  getData(
    sink: WritableStream<Uint8Array>,
    options: { readonly signal: AbortSignal },
  ): Promise<unknown>;
}

/**
 * Gives out the content of an entry piece by piece. The first byte too many ends it, before it is
 * given out.
 *
 * @param write is awaited before the next piece
 * @throws InvalidInputError when it is damaged, or has another length or CRC than is said
 */
export async function inflateTo(
  member: Member,
  entry: Entry,
  write: (piece: Uint8Array) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let size = 0;
  let crc = 0;
  let failure: { readonly error: unknown } | undefined;
  const sink = new WritableStream<Uint8Array>({
    async write(piece) {
      try {
        size += piece.length;
        if (size > member.size) throw wrongSize(member);
        crc = crc32(piece, crc);
        await write(piece);
      } catch (error) {
        failure = { error };
        throw error;
      }
    },
  });
  try {
    await (entry as unknown as Readable).getData(sink, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw failure === undefined ? inOurWords(member, error) : failure.error;
  }
  checkContent(member, size, crc);
}

/** What the library says, whose errors have no class. */
function inOurWords(member: Member, error: unknown): unknown {
  if (!(error instanceof Error) || !["Error", "TypeError"].includes(error.name)) return error;
  return /uncompressed size/i.test(error.message) ? wrongSize(member) : damaged(member, error);
}
