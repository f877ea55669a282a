import { InvalidInputError } from "../../engine/errors.ts";
import { showName } from "../archive/safe_name.ts";
import { forEachParallel } from "./for_each_parallel.ts";
import { longestMetadata, type Metadata, parseMetadata, releasePath } from "./metadata.ts";
import { compareFolder, ownFiles } from "./release_folder.ts";

/** A release that is whole. */
export interface VerifiedRelease {
  readonly metadata: Metadata;
  /** SHA-256 of its metadata, in hex. */
  readonly metadata_sha256: string;
}

const pieceSize = 256 * 1024;

/**
 * Compares an installed release with the metadata that was kept in it: names, types, sizes, modes,
 * links, and the hash of every file. It does not ask who signed that metadata: that was done when it
 * was installed, and who can write here can also replace both.
 *
 * @param folder the release's, absolute
 * @throws InvalidInputError naming what changed, or when no metadata is there
 * @throws the signal's reason when it is aborted
 */
export async function verifyRelease(
  folder: string,
  signal: AbortSignal,
): Promise<VerifiedRelease> {
  const bytes = await readMetadata(folder);
  const metadata = parseMetadata(bytes);
  await compareFolder(folder, metadata);
  await forEachParallel(4, Object.entries(metadata.sha256), async ([path, expected]) => {
    const hash = await hashFile(`${folder}/${releasePath(path)}`, signal);
    if (hash !== expected) {
      throw new InvalidInputError(
        `the release ${folder} is not what was signed: the content of ` +
          `${showName(releasePath(path))} changed`,
      );
    }
  });
  const { createHash } = await import("node:crypto");
  return { metadata, metadata_sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** SHA-256 of a file's content, in hex. */
export async function hashFile(path: string, signal: AbortSignal): Promise<string> {
  const { createHash } = await import("node:crypto");
  const hash = createHash("sha256");
  using file = await Deno.open(path);
  const buffer = new Uint8Array(pieceSize);
  for (;;) {
    signal.throwIfAborted();
    const count = await file.read(buffer);
    if (count === null) return hash.digest("hex");
    hash.update(buffer.subarray(0, count));
  }
}

async function readMetadata(folder: string): Promise<Uint8Array> {
  const path = `${folder}/${ownFiles.metadata}`;
  try {
    const { isFile, size } = await Deno.lstat(path);
    if (isFile && size <= longestMetadata) return await Deno.readFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) {
      throw error;
    }
  }
  throw new InvalidInputError(`the release ${folder} holds no signed metadata`, {
    hint: "it was not made by the apply pipeline; install it again",
  });
}
