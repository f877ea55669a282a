import { didYouMean } from "../../engine/document/suggest.ts";
import { FailedError, InvalidInputError } from "../../engine/errors.ts";
import { resolvePath } from "../launch/resolve_path.ts";

/**
 * The text of a file that the user named, relative to where the user stands. A byte order mark is
 * kept.
 *
 * @throws InvalidInputError when there is none, or none that this process may read, or it is no
 * UTF-8 text
 */
export async function readText(file: string, cwd: string): Promise<string> {
  const bytes = await readBytes(file, cwd);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new InvalidInputError(`${JSON.stringify(file)} is not UTF-8 text`, { cause });
  }
}

/** As {@linkcode readText}, without looking at what the bytes say. */
export async function readBytes(file: string, cwd: string): Promise<Uint8Array> {
  const path = resolvePath(cwd, file);
  try {
    return await Deno.readFile(path);
  } catch (error) {
    const shown = JSON.stringify(file);
    if (error instanceof Deno.errors.NotFound) {
      const hint = await nearby(path);
      throw new InvalidInputError(`${shown} does not exist`, { ...(hint ? { hint } : {}) });
    }
    if (error instanceof Deno.errors.IsADirectory) {
      throw new InvalidInputError(`${shown} is a folder, not a file`);
    }
    if (error instanceof Deno.errors.NotCapable) {
      throw new InvalidInputError(`${shown} does not exist, or is where nothing may be read`, {
        hint: "only folders of files that the command line names, and pipelines/, may be read",
      });
    }
    throw new FailedError(`${shown} cannot be read`, { cause: error });
  }
}

/** Another file of the folder, if its name is near; nothing where the folder cannot be read. */
async function nearby(path: string): Promise<string | undefined> {
  const at = path.lastIndexOf("/");
  try {
    const entries = await Array.fromAsync(Deno.readDir(path.slice(0, at) || "/"));
    const hint = didYouMean(path.slice(at + 1), entries.map(({ name }) => name));
    return hint?.startsWith("did you mean") ? hint : undefined;
  } catch {
    return undefined;
  }
}
