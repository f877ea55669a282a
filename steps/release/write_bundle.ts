import { createHash } from "node:crypto";
import { FailedError } from "../../engine/errors.ts";
import type { StepContext } from "../../engine/step.ts";
import { signDetached } from "../../engine/trust/sign_detached.ts";
import type { SigningKey } from "../../engine/trust/signing_key.ts";
import { showName } from "../archive/safe_name.ts";
import { type NewTarEntry, tarEnd, tarHeader, tarPadding } from "../archive/tar_writer.ts";
import { writeZstd } from "../archive/zstd_writer.ts";
import { forEachParallel } from "./for_each_parallel.ts";
import {
  bundleNames,
  contentBytes,
  encodeMetadata,
  type Metadata,
  parseMetadata,
} from "./metadata.ts";
import { openBundle } from "./open_bundle.ts";
import type { PackSource, SourceFile } from "./pack_source.ts";
import { hashFile } from "./verify_release.ts";

/** What of the metadata does not come from the files. */
export type BundleName = Pick<Metadata, "name" | "version" | "build_time" | "floor">;

export interface WrittenBundle {
  readonly sha256: string;
  readonly bytes: number;
  readonly files: number;
  readonly metadata_sha256: string;
}

const pieceSize = 256 * 1024;

/**
 * Writes a bundle of a source into an open, empty file, syncs it, reads it back and finds it right.
 * The same files, name and key give the same bytes.
 *
 * @param path of `file`, which is read again
 * @throws InvalidInputError when the source holds what no release may hold
 * @throws FailedError when a file changes while it is being packed
 */
export async function writeBundle(
  file: Deno.FsFile,
  path: string,
  source: PackSource,
  name: BundleName,
  key: SigningKey,
  ctx: Pick<StepContext, "emit" | "signal">,
): Promise<WrittenBundle> {
  const metadata = await describe(source, name, ctx.signal);
  const bytes = encodeMetadata(metadata);
  parseMetadata(bytes); // What cannot be installed is not signed.
  await writeArchive(file, source, metadata, bytes, await signDetached(bytes, key), ctx);
  await file.sync();
  const sha256 = await readBack(path, key, ctx.signal);
  return {
    sha256,
    bytes: await file.seek(0, Deno.SeekMode.End),
    files: source.files.length,
    metadata_sha256: createHash("sha256").update(bytes).digest("hex"),
  };
}

async function describe(
  { files, links, folders }: PackSource,
  name: BundleName,
  signal: AbortSignal,
): Promise<Metadata> {
  const sha256: Record<string, string> = {};
  const by = <T>(value: (file: SourceFile) => T) =>
    Object.fromEntries(files.map((file) => [file.path, value(file)]));
  await forEachParallel(4, files, async ({ path, from }) => {
    sha256[path] = await hashFile(from, signal);
  });
  return {
    schemaVersion: 1,
    ...name,
    sha256,
    sizes: by(({ size }) => size),
    modes: by(({ mode }) => mode),
    links: Object.fromEntries(links),
    ...(folders.length === 0 ? {} : { folders }),
  };
}

async function writeArchive(
  file: Deno.FsFile,
  source: PackSource,
  metadata: Metadata,
  metadataBytes: Uint8Array,
  signature: string,
  { emit, signal }: Pick<StepContext, "emit" | "signal">,
): Promise<void> {
  await using zstd = await writeZstd(async (chunk) => {
    for (let at = 0; at < chunk.length;) at += await file.write(chunk.subarray(at));
  });
  const total = contentBytes(metadata);
  let done = 0;

  async function add(entry: NewTarEntry): Promise<void> {
    await zstd.write(tarHeader(entry));
  }
  async function addBytes(name: string, bytes: Uint8Array): Promise<void> {
    await add({ type: "file", name, size: bytes.length, mode: 0o644 });
    await zstd.write(bytes);
    await zstd.write(tarPadding(bytes.length));
  }
  async function addFile({ path, from, size, mode }: SourceFile): Promise<void> {
    await add({ type: "file", name: path, size, mode: mode === "0755" ? 0o755 : 0o644 });
    const hash = createHash("sha256");
    let left = size;
    for await (const piece of pieces(from)) {
      signal.throwIfAborted();
      if (piece.length > left) throw changed(from);
      left -= piece.length;
      hash.update(piece);
      await zstd.write(piece);
      done += piece.length;
      emit.progress({ done, total, unit: "bytes", label: path });
    }
    if (left > 0 || hash.digest("hex") !== metadata.sha256[path]) throw changed(from);
    await zstd.write(tarPadding(size));
  }

  await addBytes(bundleNames.metadata, metadataBytes);
  await addBytes(bundleNames.signature, new TextEncoder().encode(signature));
  for (const name of source.folders) await add({ type: "folder", name });
  const isInFiles = ({ path }: SourceFile) => path.startsWith(`${bundleNames.files}/`);
  for (const one of source.files.filter(isInFiles)) await addFile(one);
  for (const [name, target] of source.links) await add({ type: "link", name, target });
  for (const one of source.files) if (!isInFiles(one)) await addFile(one);
  await zstd.write(tarEnd());
  await zstd.end();
}

async function* pieces(path: string): AsyncGenerator<Uint8Array> {
  using file = await Deno.open(path);
  const buffer = new Uint8Array(pieceSize);
  for (let count = await file.read(buffer); count !== null; count = await file.read(buffer)) {
    yield buffer.subarray(0, count);
  }
}

/** Reads all of a bundle as whoever installs it will. Gives its SHA-256. */
async function readBack(path: string, key: SigningKey, signal: AbortSignal): Promise<string> {
  await using bundle = await openBundle(path, [{ ...key.public_key, name: "own" }], signal);
  while (await bundle.next() !== undefined) { /* Each file is hashed on the way. */ }
  return bundle.sha256();
}

function changed(from: string): FailedError {
  return new FailedError(`${showName(from)} changed while it was being packed`, {
    hint: "pack a folder that nobody writes to",
  });
}
