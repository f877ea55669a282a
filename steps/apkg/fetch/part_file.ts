import type { Hash } from "node:crypto";
import { InvalidInputError } from "../../../engine/errors.ts";

/** How far a package has come, over all attempts. */
export interface PartFile {
  /** Bytes that are there. */
  readonly size: number;
  /** What the server called the content that they are of; only that is gone on with. */
  tag: string | undefined;
  /** @throws InvalidInputError when the package gets larger than it may be */
  write(piece: Uint8Array): Promise<void>;
  /** Begins anew. */
  reset(): Promise<void>;
  /** Closes it, and gives the SHA-256 of all, in hex. */
  finish(): Promise<string>;
  close(): void;
}

/** What a package of more bytes is told. */
export function tooLarge(max: number): InvalidInputError {
  return new InvalidInputError(`the package is larger than ${max} bytes`, {
    hint: "MAX_PACKAGE_SIZE_MB says how large it may be",
  });
}

/** Opens a file that grows to a package, empty. */
export async function openPart(path: string, max: number): Promise<PartFile> {
  const { createHash } = await import("node:crypto");
  const file = await Deno.open(path, { write: true, create: true, truncate: true, mode: 0o600 });
  let hash: Hash = createHash("sha256");
  let size = 0;
  return {
    get size() {
      return size;
    },
    tag: undefined,
    async write(piece) {
      if (size + piece.length > max) throw tooLarge(max);
      for (let at = 0; at < piece.length;) at += await file.write(piece.subarray(at));
      hash.update(piece);
      size += piece.length;
    },
    async reset() {
      await file.truncate(0);
      await file.seek(0, Deno.SeekMode.Start);
      hash = createHash("sha256");
      size = 0;
    },
    async finish() {
      await file.sync();
      return hash.digest("hex");
    },
    close: () => file.close(),
  };
}
