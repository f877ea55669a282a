import { didYouMean } from "../../engine/document/suggest.ts";
import { FailedError, InvalidInputError } from "../../engine/errors.ts";
import { pathCovers } from "../../engine/permissions/path.ts";
import { resolvePath } from "../launch/resolve_path.ts";

/** Most bytes of a pipeline or of a file of values. */
export const pipelineBytes = 4 * 2 ** 20;
/** Most bytes of any other file, such as a plan or a log: it is read whole. */
const mostBytes = 256 * 2 ** 20;

/**
 * The text of a file that the user named, relative to where the user stands. A byte order mark is
 * kept.
 *
 * @param limit most bytes that it may have; 256 MiB by default
 * @throws InvalidInputError when there is none, or none that this process may read, or it is too
 * large, no regular file, or no UTF-8 text
 */
export async function readText(file: string, cwd: string, limit = mostBytes): Promise<string> {
  const bytes = await readBytes(file, cwd, limit);
  return decode(bytes) ?? refuseBytes(JSON.stringify(file), bytes);
}

/**
 * The text of a pipeline, or of values, that the user named: faults in it are shown with their lines,
 * so it may not be a link to what is none. A link within the folder is followed.
 *
 * @throws InvalidInputError as {@linkcode readText} does, and where it is a link that leaves its folder
 */
export async function readPipeline(file: string, cwd: string): Promise<string> {
  const text = await readText(file, cwd, pipelineBytes);
  if (!await isElsewhere(resolvePath(cwd, file))) return text;
  throw new InvalidInputError(`${JSON.stringify(file)} is a link that leaves its folder`, {
    hint: "name the file that it leads to",
  });
}

/**
 * The text of a pipeline that another one includes, for messages that name it themselves.
 *
 * @param path absolute
 * @throws InvalidInputError where what is there is no pipeline, and the errors of the system
 */
export async function readIncluded(path: string): Promise<string> {
  const fault = unfit(await Deno.stat(path), pipelineBytes);
  if (fault !== undefined) throw new InvalidInputError(`it ${fault}`);
  if (await isElsewhere(path)) {
    throw new InvalidInputError("it is a link that leaves the folder that may be read");
  }
  const bytes = await Deno.readFile(path);
  return decode(bytes) ?? refuseBytes("it", bytes);
}

/**
 * Whether a link leads out of the widest folder that this process may read: Deno follows it, and a
 * diagnostic would show what is there to whoever made the link.
 */
async function isElsewhere(path: string): Promise<boolean> {
  const folders = [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index) || "/");
  const granted = folders.find((folder) =>
    Deno.permissions.querySync({ name: "read", path: folder }).state === "granted"
  );
  if (granted === undefined) return false; // The file itself was granted.
  return !pathCovers(await Deno.realPath(granted), await Deno.realPath(path));
}

/** As {@linkcode readText}, without looking at what the bytes say. */
export async function readBytes(
  file: string,
  cwd: string,
  limit = mostBytes,
): Promise<Uint8Array<ArrayBuffer>> {
  const path = resolvePath(cwd, file);
  const shown = JSON.stringify(file);
  try {
    const fault = unfit(await Deno.stat(path), limit);
    if (fault !== undefined) throw new InvalidInputError(`${shown} ${fault}`);
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    if (error instanceof Deno.errors.NotFound) {
      const hint = await nearby(path) ?? "it is looked for from the folder that you are in";
      throw new InvalidInputError(`${shown} does not exist`, { hint });
    }
    if (error instanceof Deno.errors.NotCapable && path.includes(",")) {
      throw new InvalidInputError(`${shown} cannot be read: ${path} has a comma`, {
        hint: "a comma ends a path in Deno's flags: give the file or its folder another name",
      });
    }
    if (error instanceof Deno.errors.NotCapable) {
      throw new InvalidInputError(
        `${shown} is no file that may be read: it does not exist, or is a folder, pipe or device`,
        { hint: "the folders of files that the command line names may be read, and pipelines/" },
      );
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new FailedError(`${shown} cannot be read: ${reason}`, { cause: error });
  }
}

/** Why something is not read: a pipe or a device may have no end, or never begin. */
function unfit({ isFile, isDirectory, size }: Deno.FileInfo, limit: number): string | undefined {
  if (isDirectory) return "is a folder, not a file";
  if (!isFile) return "is no regular file";
  return size > limit ? `has ${size} bytes; at most ${limit} are read` : undefined;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Says where a text is none; `details` have the place as `line` and `column`. */
function refuseBytes(name: string, bytes: Uint8Array): never {
  const { line, column } = firstOdd(bytes);
  throw new InvalidInputError(`${name} is not UTF-8 text from line ${line}, column ${column} on`, {
    hint: /^(?:fffe|feff)/.test(bytes.subarray(0, 2).toHex())
      ? "it is UTF-16: save it as UTF-8"
      : "save it as UTF-8",
    details: { line, column },
  });
}

/** Where the first bytes stand that are no character, in UTF-16 units from 1. */
function firstOdd(bytes: Uint8Array): { readonly line: number; readonly column: number } {
  let start = 0;
  for (let line = 1;; line++) {
    const end = bytes.indexOf(0x0a, start);
    const part = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (decode(part) === undefined) {
      const column = new TextDecoder("utf-8", { ignoreBOM: true }).decode(part).indexOf("\ufffd");
      return { line, column: column + 1 };
    }
    if (end < 0) return { line, column: 1 };
    start = end + 1;
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
