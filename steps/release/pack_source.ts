import { InvalidInputError } from "../../engine/errors.ts";
import { nameFault, showName } from "../archive/safe_name.ts";
import { bundleNames, type FileMode } from "./metadata.ts";

/** What a source folder holds, by paths within the bundle, in the order of their UTF-8 bytes. */
export interface PackSource {
  readonly files: readonly SourceFile[];
  readonly links: ReadonlyMap<string, string>;
  /** Folders that hold nothing. */
  readonly folders: readonly string[];
}

export interface SourceFile {
  /** Within the bundle. */
  readonly path: string;
  /** On disk. */
  readonly from: string;
  readonly size: number;
  readonly mode: FileMode;
}

/**
 * Lists what of a source folder goes into a bundle: `files/` with all below it, `LICENSE`, and
 * `post_install.sh` where there is one. Nothing else may lie beside these.
 *
 * @throws InvalidInputError when the folder has another layout, or holds something that is neither
 * file, folder nor symbolic link
 */
export async function readSource(source: string, signal: AbortSignal): Promise<PackSource> {
  await checkTop(source);
  const files: SourceFile[] = [];
  const links = new Map<string, string>();
  const folders: string[] = [];

  async function walk(path: string): Promise<void> {
    signal.throwIfAborted();
    const entries = await readEntries(`${source}/${path}`);
    if (entries.length === 0 && path !== bundleNames.files) folders.push(path);
    for (const name of entries) await add(`${path}/${name}`);
  }

  async function add(path: string): Promise<void> {
    const fault = nameFault(path);
    if (fault !== undefined) throw new InvalidInputError(`cannot pack ${showName(path)}: ${fault}`);
    const from = `${source}/${path}`;
    const info = await Deno.lstat(from);
    if (info.isSymlink) links.set(path, await Deno.readLink(from));
    else if (info.isDirectory) await walk(path);
    else if (info.isFile) files.push(toFile(path, from, info));
    else {
      throw new InvalidInputError(
        `cannot pack ${showName(path)}: it is neither a file, a folder nor a link`,
      );
    }
  }

  await walk(bundleNames.files);
  const inFiles = files.toSorted((a, b) => compareBytes(a.path, b.path));
  const top: SourceFile[] = [];
  for (const name of [bundleNames.hook, bundleNames.licence]) {
    const from = `${source}/${name}`;
    const info = await lstatOptional(from);
    if (info !== undefined) top.push(toFile(name, from, info));
  }
  return {
    files: [...inFiles, ...top],
    links: new Map([...links].sort(([a], [b]) => compareBytes(a, b))),
    folders: folders.sort(compareBytes),
  };
}

/** Orders texts by their bytes in UTF-8, which no locale changes. */
function compareBytes(a: string, b: string): number {
  // UTF-16 has the same order but for surrogates, which stand for the highest code points.
  if (!/[\uD800-\uDFFF]/.test(a + b)) return a < b ? -1 : a > b ? 1 : 0;
  const [left, right] = [a, b].map((text) => Array.from(text, (one) => one.codePointAt(0)!));
  for (let at = 0; at < Math.min(left!.length, right!.length); at++) {
    const order = left![at]! - right![at]!;
    if (order !== 0) return order;
  }
  return left!.length - right!.length;
}

function toFile(path: string, from: string, { size, mode }: Deno.FileInfo): SourceFile {
  return { path, from, size, mode: ((mode ?? 0) & 0o100) === 0 ? "0644" : "0755" };
}

const layoutHint = "a source folder holds files/ (what is installed), LICENSE and, where one is " +
  "needed, post_install.sh";

async function checkTop(source: string): Promise<void> {
  const wrong = (why: string) =>
    new InvalidInputError(`cannot pack ${source}: ${why}`, { hint: layoutHint });
  const known: readonly string[] = [bundleNames.files, bundleNames.hook, bundleNames.licence];
  if (!(await lstatOptional(source))?.isDirectory) throw wrong("it is not a folder");
  for (const name of await readEntries(source)) {
    if (!known.includes(name)) throw wrong(`${showName(name)} has no place in a bundle`);
  }
  if (!(await lstatOptional(`${source}/${bundleNames.files}`))?.isDirectory) {
    throw wrong("it has no folder files/");
  }
  const licence = await lstatOptional(`${source}/${bundleNames.licence}`);
  if (licence === undefined) throw wrong("it has no LICENSE");
  const hook = await lstatOptional(`${source}/${bundleNames.hook}`);
  if (!licence.isFile) throw wrong("its LICENSE is not a file");
  if (hook?.isFile === false) throw wrong("its post_install.sh is not a file");
  if (hook !== undefined && ((hook.mode ?? 0) & 0o100) === 0) {
    throw new InvalidInputError(`cannot pack ${source}: its post_install.sh may not be executed`, {
      hint: `chmod +x ${source}/post_install.sh`,
    });
  }
}

/** The names in a folder; what is not UTF-8 comes with U+FFFD in it and is refused for that. */
async function readEntries(folder: string): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
}

async function lstatOptional(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return;
    throw error;
  }
}
