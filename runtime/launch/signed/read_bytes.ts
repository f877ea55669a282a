import { InvalidInputError } from "../../../engine/errors.ts";

/** `sha256:` and the SHA-256 of some bytes in hex. */
export async function digestBytes(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `sha256:${digest.toHex()}`;
}

/**
 * The bytes of a regular file. They are read once, and what is judged of them is what is used of
 * them: whatever the file becomes later.
 *
 * @param limit most bytes that it may have
 * @throws InvalidInputError with the reason alone, such as `it does not exist`: the caller names it
 */
export async function readBytes(path: string, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    // A pipe would keep whoever reads it waiting.
    const { isFile, size } = await Deno.stat(path);
    if (!isFile) throw new InvalidInputError("it is no regular file");
    if (size > limit) {
      throw new InvalidInputError(`it has ${size} bytes; at most ${limit} are read`);
    }
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    const missing = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidInputError(missing ? "it does not exist" : `it cannot be read: ${reason}`);
  }
}

/** The same as UTF-8 text, with a byte order mark kept. */
export function decodeText(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new InvalidInputError("it is not UTF-8 text");
  }
}
