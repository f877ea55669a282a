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
 * Lists what of a source folder goes into a bundle: `LICENSE`, `post_install.sh` where there is one,
 * and what is to be installed: all below `files/`, and then nothing else may lie beside these three;
 * or, in a source without `files/`, everything else.
 *
 * @throws InvalidInputError when the folder has another layout, or holds something that is neither
 * file, folder nor symbolic link
 */
export async function readSource(source: string, signal: AbortSignal): Promise<PackSource> {
  await checkTop(source);
  const installed = await installedFolder(source);
  const onDisk = (path: string) => installed + path.slice(bundleNames.files.length);
  const files: SourceFile[] = [];
  const links = new Map<string, string>();
  const folders: string[] = [];

  async function walk(path: string): Promise<void> {
    signal.throwIfAborted();
    const entries = await readEntries(onDisk(path));
    if (entries.length === 0 && path !== bundleNames.files) folders.push(path);
    for (const name of entries) {
      const isOwn = path === bundleNames.files && installed === source && ownNames.includes(name);
      if (!isOwn) await add(`${path}/${name}`);
    }
  }

  async function add(path: string): Promise<void> {
    const fault = nameFault(path);
    if (fault !== undefined) throw new InvalidInputError(`cannot pack ${showName(path)}: ${fault}`);
    const from = onDisk(path);
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
  if (files.length + links.size + folders.length === 0) {
    throw new InvalidInputError(`cannot pack ${source}: there is nothing in it to install`, {
      hint: layoutHint,
    });
  }
  const inFiles = files.toSorted((a, b) => compareBytes(a.path, b.path));
  const top: SourceFile[] = [];
  for (const name of ownNames) {
    const from = `${source}/${name}`;
    const info = await lstatOptional(from);
    if (info === undefined) continue;
    const file = toFile(name, from, info);
    // A hook is there to be executed, whatever the folder that it comes from kept of its mode.
    top.push(name === bundleNames.hook ? { ...file, mode: "0755" } : file);
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

/** What stands beside the installed files. */
const ownNames: readonly string[] = [bundleNames.hook, bundleNames.licence];

const layoutHint =
  "a source folder holds LICENSE, post_install.sh where one is needed, and what is " +
  "installed: in files/, or beside them";

/** Where the files lie that are to be installed. */
async function installedFolder(source: string): Promise<string> {
  const files = `${source}/${bundleNames.files}`;
  return (await lstatOptional(files))?.isDirectory ? files : source;
}

async function checkTop(source: string): Promise<void> {
  const wrong = (why: string) =>
    new InvalidInputError(`cannot pack ${source}: ${why}`, { hint: layoutHint });
  if (!(await lstatOptional(source))?.isDirectory) throw wrong("it is not a folder");
  if (await installedFolder(source) !== source) {
    for (const name of await readEntries(source)) {
      if (name === bundleNames.files || ownNames.includes(name)) continue;
      throw wrong(`${showName(name)} lies beside files/, and would not be installed`);
    }
  }
  const licence = await lstatOptional(`${source}/${bundleNames.licence}`);
  if (licence === undefined) throw wrong("it has no LICENSE");
  const hook = await lstatOptional(`${source}/${bundleNames.hook}`);
  if (!licence.isFile) throw wrong("its LICENSE is not a file");
  if (hook?.isFile === false) throw wrong("its post_install.sh is not a file");
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
