import { createHash } from "node:crypto";
import { BusyError } from "../../../engine/errors.ts";
import { isPlainPath } from "../../../engine/permissions/path.ts";
import { sumsName } from "./kit_files.ts";
import type { KitContent } from "./writer_job.ts";

/** What of a kit's folder is as it was made. */
export interface KitState {
  /** Files that are listed and whole. The list itself is the last. */
  readonly whole: readonly string[];
  /** Files that are listed, and were changed or replaced. */
  readonly changed: readonly string[];
  /** What is there and is not listed. */
  readonly strange: readonly string[];
  /** Files that are listed and missing. */
  readonly missing: readonly string[];
}

/**
 * Puts a kit together in a folder, all of it on the disk, its sums last: a folder that has them is
 * whole.
 *
 * @param folder exists, and holds nothing but a program that was made in it
 */
export async function writeKit(folder: string, { files, program }: KitContent): Promise<void> {
  const sums = new Map<string, string>();
  const folders = foldersOf(files.map(({ name }) => name));
  for (const name of folders) await makeFolder(`${folder}/${name}`);
  for (const { name, mode, text } of files) {
    sums.set(name, await writeFile(`${folder}/${name}`, mode, [new TextEncoder().encode(text)]));
  }
  const path = `${folder}/${program.name}`;
  if (program.from === undefined) {
    await Deno.chmod(path, 0o755);
    sums.set(program.name, await sumOf(path));
  } else {
    const source = await Deno.open(program.from);
    sums.set(program.name, await writeFile(path, 0o755, source.readable));
  }
  const lines = [...sums].sort().map(([name, sum]) => `${sum}  ${name}\n`).join("");
  await writeFile(`${folder}/${sumsName}`, 0o644, [new TextEncoder().encode(lines)]);
  await Deno.chmod(folder, 0o755);
  for (const name of folders) await syncFolder(`${folder}/${name}`);
  await syncFolder(folder);
}

/** Looks at a folder; `undefined` where it holds no kit. Links count as strange. */
export async function judgeKit(folder: string): Promise<KitState | undefined> {
  const sums = await readSums(`${folder}/${sumsName}`);
  if (sums === undefined) return undefined;
  const folders = new Set(foldersOf([...sums.keys()]));
  const present = new Map<string, boolean>();
  const look = async (below: string) => {
    for await (const { name, isFile, isDirectory } of Deno.readDir(`${folder}/${below}`)) {
      const path = `${below}${name}`;
      if (isDirectory && folders.has(path)) await look(`${path}/`);
      else present.set(path, isFile);
    }
  };
  await look("");
  const listed = [...sums].filter(([name]) => present.get(name) === true);
  const whole: string[] = [];
  const changed: string[] = [];
  for (const [name, sum] of listed) {
    (await sumOf(`${folder}/${name}`) === sum ? whole : changed).push(name);
  }
  const strange = [...present].filter(([name, isFile]) =>
    !isFile || !sums.has(name) && name !== sumsName
  );
  return {
    whole: [...whole, sumsName],
    changed,
    strange: strange.map(([name]) => name).sort(),
    missing: [...sums.keys()].filter((name) => !present.has(name)),
  };
}

/** Removes those files of a kit, its list the last, then the folder where nothing else is in it. */
export async function removeKit(folder: string, { whole, changed, strange }: KitState) {
  for (const name of whole) await Deno.remove(`${folder}/${name}`);
  if (changed.length + strange.length === 0) await Deno.remove(folder);
}

/** The folders that files lie in, from above: of `a/b/c`, `a` and `a/b`. */
function foldersOf(names: readonly string[]): readonly string[] {
  const above = names.flatMap((name) => {
    const parts = name.split("/").slice(0, -1);
    return parts.map((_, at) => parts.slice(0, at + 1).join("/"));
  });
  return [...new Set(above)].sort();
}

async function makeFolder(path: string): Promise<void> {
  await Deno.mkdir(path);
  await Deno.chmod(path, 0o755); // Whatever the umask is.
}

/**
 * Makes a folder, if need be, and holds it until disposed of: one process at a time works in it.
 *
 * @throws BusyError when another process has it
 */
export async function holdFolder(folder: string): Promise<Disposable> {
  await Deno.mkdir(folder, { recursive: true, mode: 0o755 });
  const handle = await Deno.open(folder);
  if (await handle.tryLock(true)) return { [Symbol.dispose]: () => handle.close() };
  handle.close();
  throw new BusyError(`another process is writing ${folder}`);
}

/** Has the names in a folder on the disk. */
export async function syncFolder(folder: string): Promise<void> {
  using handle = await Deno.open(folder);
  await handle.sync();
}

/** The digest of a file that is there. */
export async function sumOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  const file = await Deno.open(path);
  for await (const piece of file.readable) hash.update(piece); // Its end closes the file.
  return hash.digest("hex");
}

/**
 * Writes a new file and has it on the disk.
 *
 * @returns its SHA-256
 */
export async function writeFile(
  path: string,
  mode: number,
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<string> {
  const hash = createHash("sha256");
  using file = await Deno.open(path, { write: true, createNew: true, mode });
  for await (const piece of pieces) {
    hash.update(piece);
    for (let at = 0; at < piece.length;) at += await file.write(piece.subarray(at));
  }
  await Deno.chmod(path, mode); // Whatever the umask is.
  await file.sync();
  return hash.digest("hex");
}

async function readSums(path: string): Promise<ReadonlyMap<string, string> | undefined> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const sums = new Map<string, string>();
  for (const line of text.split("\n").filter(Boolean)) {
    const match = /^([0-9a-f]{64}) {2}(.+)$/.exec(line);
    if (match === null || !isPlainPath(`/${match[2]!}`)) return undefined;
    sums.set(match[2]!, match[1]!);
  }
  return sums;
}
