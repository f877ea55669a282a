import { InvalidInputError } from "../../engine/errors.ts";

/** Most bytes of a secret: keys and tokens are far smaller. */
const mostBytes = 1 << 20;

/**
 * The text of a file that holds a secret.
 *
 * @throws InvalidInputError when it is no regular file (a device may have no end), too large or no
 * text; nothing of it is repeated
 */
export async function readSecretFile(path: string): Promise<string> {
  const { isFile, size } = await Deno.stat(path);
  const fault = (what: string) => new InvalidInputError(`the secret file:${path} ${what}`);
  if (!isFile) throw fault("is no regular file");
  if (size > mostBytes) throw fault(`has ${size} bytes; at most ${mostBytes} are read`);
  const bytes = await Deno.readFile(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw fault("is not UTF-8 text");
  }
}
