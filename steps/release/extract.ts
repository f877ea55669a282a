import type { StepContext } from "../../engine/step.ts";
import { noSpace } from "../archive/no_space.ts";
import { forEachParallel } from "./for_each_parallel.ts";
import { syncFolder } from "./layout.ts";
import { makeLinks } from "./make_links.ts";
import { contentBytes, releaseFolders, releasePath } from "./metadata.ts";
import type { OpenBundle } from "./open_bundle.ts";
import { ownFiles, releaseModes } from "./release_folder.ts";
import { writeGate } from "./write_gate.ts";

/** Files up to this many bytes are held in memory, so that several are written at once. */
const smallFile = 256 * 1024;
const parallel = 16;

/**
 * Writes a bundle's content into a folder that does not exist yet, in one pass: each piece is hashed
 * as it is written. When it returns, every file and folder is read-only and on disk.
 *
 * @param folder absolute; the caller removes it when this throws
 * @throws InvalidInputError when the bundle is not what was signed
 * @throws FailedError when there is no space left
 */
export async function extractBundle(
  bundle: OpenBundle,
  folder: string,
  ctx: Pick<StepContext, "emit" | "exec" | "run" | "signal">,
): Promise<void> {
  const folders = [...releaseFolders(bundle.metadata)].sort();
  await makeFolders(folder, folders, ctx.run.id);
  const links = await writeFiles(bundle, folder, ctx);
  await makeLinks(folder, `${folder}/${ownFiles.folder}/links`, links, ctx);
  const own = releaseModes.file("0644");
  await writeFile(`${folder}/${ownFiles.metadata}`, bundle.metadataBytes, own);
  await writeFile(`${folder}/${ownFiles.signature}`, bundle.signature, own);
  const all = [...folders.map((path) => `${folder}/${path}`), `${folder}/${ownFiles.folder}`];
  await forEachParallel(parallel, [...all, folder], async (path) => {
    ctx.signal.throwIfAborted();
    Deno.chmodSync(path, releaseModes.folder);
    await syncFolder(path);
  });
}

/** `folders` in an order in which each stands after the one that holds it. */
async function makeFolders(
  folder: string,
  folders: readonly string[],
  run: string,
): Promise<void> {
  await Deno.mkdir(folder, { mode: 0o700 });
  await Deno.mkdir(`${folder}/${ownFiles.folder}`);
  // First of all, so that an undo after a kill knows whose folder this is.
  const bytes = new TextEncoder().encode(run);
  await writeFile(`${folder}/${ownFiles.run}`, bytes, releaseModes.file("0644"));
  // One wait for all: a wait for each costs more than the work.
  for (const path of folders) Deno.mkdirSync(`${folder}/${path}`, { mode: 0o700 });
}

/** Gives the links, which are made last: nothing is written while one exists. */
async function writeFiles(
  bundle: OpenBundle,
  folder: string,
  { emit, signal }: Pick<StepContext, "emit" | "signal">,
): Promise<ReadonlyMap<string, string>> {
  const links = new Map<string, string>();
  const gate = writeGate(parallel);
  const total = contentBytes(bundle.metadata);
  let done = 0;
  const advance = (bytes: number) => {
    done += bytes;
    emit.progress({ done, total, unit: "bytes", label: bundle.metadata.version });
  };
  try {
    for (let entry = await bundle.next(); entry !== undefined; entry = await bundle.next()) {
      const inside = releasePath(entry.path);
      if (entry.type === "link") links.set(inside, entry.target);
      if (entry.type !== "file") continue;
      const path = `${folder}/${inside}`;
      const mode = releaseModes.file(entry.mode);
      if (entry.size <= smallFile) {
        const content = await bundle.readAll();
        await gate.start(() => writeFile(path, content, mode));
        advance(entry.size);
      } else {
        const file = await writeLargeFile(bundle, path, mode, advance);
        await gate.start(async () => {
          using _closed = file;
          await file.sync();
        });
      }
    }
    signal.throwIfAborted();
    await gate.finish();
    return links;
  } finally {
    await gate.settle();
  }
}

/** Writes and hashes at the same time; what it gives back has yet to be synced and closed. */
async function writeLargeFile(
  bundle: OpenBundle,
  path: string,
  mode: number,
  advance: (bytes: number) => void,
): Promise<Deno.FsFile> {
  const file = await create(path);
  let writing = Promise.resolve();
  try {
    for (let piece = await bundle.read(); piece !== undefined;) {
      const current = piece;
      await writing;
      writing = writeAll(file, current, path);
      writing.catch(() => {}); // Seen by the await above or below.
      piece = await bundle.read();
      advance(current.length);
    }
    await writing;
    await Deno.chmod(path, mode);
    return file;
  } catch (error) {
    await writing.catch(() => {}); // Its fault is the first, or not the one that counts.
    file.close();
    throw error;
  }
}

async function writeFile(path: string, content: Uint8Array, mode: number): Promise<void> {
  using file = await create(path);
  await writeAll(file, content, path);
  // Whatever the umask is.
  Deno.chmodSync(path, mode);
  await file.sync();
}

async function create(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
  } catch (error) {
    throw noSpace(error, path) ?? error;
  }
}

async function writeAll(file: Deno.FsFile, content: Uint8Array, path: string): Promise<void> {
  try {
    for (let at = 0; at < content.length;) at += await file.write(content.subarray(at));
  } catch (error) {
    throw noSpace(error, path) ?? error;
  }
}
