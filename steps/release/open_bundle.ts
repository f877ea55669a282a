import { createHash } from "node:crypto";
import { InvalidInputError, NotAuthorisedError, SluiceError } from "../../engine/errors.ts";
import { readSignature } from "../../engine/trust/read_signature.ts";
import type { TrustedKey } from "../../engine/trust/trusted_key.ts";
import { verifyDetached } from "../../engine/trust/verify_detached.ts";
import { byteReader } from "../archive/byte_reader.ts";
import { nameFault, showName } from "../archive/safe_name.ts";
import { readTar, type TarEntry, type TarReader } from "../archive/tar_reader.ts";
import { readZstd } from "../archive/zstd_reader.ts";
import {
  bundleNames,
  type FileMode,
  longestMetadata,
  longestSignature,
  type Metadata,
  parseMetadata,
} from "./metadata.ts";

/** Something of a bundle, as it was signed. Paths are those within the bundle. */
export type BundleEntry =
  | {
    readonly type: "file";
    readonly path: string;
    readonly size: number;
    readonly mode: FileMode;
  }
  | { readonly type: "link"; readonly path: string; readonly target: string }
  | { readonly type: "folder"; readonly path: string };

/** A bundle whose metadata is signed by a trusted key. Disposing of it closes the file. */
export interface OpenBundle extends AsyncDisposable {
  readonly metadata: Metadata;
  /** The exact bytes that were signed, and the text of the signature's file. */
  readonly metadataBytes: Uint8Array;
  readonly signature: Uint8Array;
  /** SHA-256 of the metadata, in hex: names the release's content. */
  readonly metadata_sha256: string;
  /** The key that signed, and its name in the trust folder. */
  readonly key_id: string;
  readonly keyName: string;
  /**
   * The next entry, or `undefined` when all that was signed has been there, each once, and nothing
   * else. Folders that follow from what they hold may come, too.
   *
   * @throws InvalidInputError when the bundle is not what was signed
   */
  next(): Promise<BundleEntry | undefined>;
  /**
   * A piece of the current file; `undefined` at its end, when its hash has been found right.
   *
   * @throws InvalidInputError when the hash is wrong
   */
  read(): Promise<Uint8Array | undefined>;
  /**
   * The whole content of the current file, found right; for files that fit into memory.
   *
   * @throws InvalidInputError when the hash is wrong
   */
  readAll(): Promise<Uint8Array>;
  /** SHA-256 of the bundle's file, in hex; known when {@linkcode OpenBundle.next} has ended. */
  sha256(): string;
}

/**
 * Opens a bundle and authenticates its metadata, before anything else of it is read. Nothing is
 * trusted on the way there but the limits on both files.
 *
 * @param keys as `loadTrust` gives them
 * @throws InvalidInputError when there is no such file, or it is no valid bundle
 * @throws NotAuthorisedError when no key of these signed the metadata
 * @throws the signal's reason when it is aborted
 */
export async function openBundle(
  file: string,
  keys: readonly TrustedKey[],
  signal: AbortSignal,
): Promise<OpenBundle> {
  await using opening = new AsyncDisposableStack();
  const handle = opening.use(await openFile(file));
  const digest = createHash("sha256");
  const zstd = opening.use(
    await readZstd(handle, `the bundle ${file}`, (chunk) => {
      signal.throwIfAborted();
      digest.update(chunk);
    }),
  );
  const tar = readTar(byteReader(zstd.chunks, `the bundle ${file}`));
  try {
    const head = await readHead(tar, keys, file);
    const entries = readEntries(tar, head.metadata);
    const held = opening.move();
    let sha256: string | undefined;
    return {
      ...head,
      ...entries,
      async next() {
        signal.throwIfAborted();
        const entry = await naming(file, entries.next);
        if (entry === undefined) sha256 ??= digest.digest("hex");
        return entry;
      },
      read() {
        signal.throwIfAborted();
        return naming(file, entries.read);
      },
      readAll() {
        signal.throwIfAborted();
        return naming(file, entries.readAll);
      },
      sha256() {
        if (sha256 === undefined) throw new Error("the bundle has not been read to its end");
        return sha256;
      },
      [Symbol.asyncDispose]: () => held.disposeAsync(),
    };
  } catch (error) {
    signal.throwIfAborted();
    throw named(file, error);
  }
}

/** Lets a message name the bundle that it is about. */
async function naming<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw named(file, error);
  }
}

function named(file: string, error: unknown): unknown {
  if (!(error instanceof InvalidInputError) || error.message.includes(file)) return error;
  return new InvalidInputError(`the bundle ${file} is refused: ${error.message}`, {
    cause: error,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}

async function openFile(file: string): Promise<Deno.FsFile> {
  try {
    // By its path: the open file would need read of what a link leads to, and a pipe never opens.
    if ((await Deno.stat(file)).isFile) return await Deno.open(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      throw new InvalidInputError(`there is no bundle at ${file}`, { cause: error });
    }
    throw error;
  }
  throw new InvalidInputError(`the bundle ${file} is not a file`);
}

async function readHead(
  tar: TarReader,
  keys: readonly TrustedKey[],
  file: string,
) {
  const metadataBytes = await readOwn(tar, bundleNames.metadata, longestMetadata);
  const signature = await readOwn(tar, bundleNames.signature, longestSignature);
  const key = await verifyDetached(metadataBytes, signatureOf(signature), keys);
  if (key === undefined) {
    const names = keys.map(({ name }) => name).join(", ") || "none";
    throw new NotAuthorisedError(`no trusted key signed the bundle ${file}`, {
      hint: `trusted are: ${names}; if the bundle is genuine, put its signer's public key there`,
    });
  }
  return {
    metadata: parseMetadata(metadataBytes),
    metadataBytes,
    signature,
    metadata_sha256: createHash("sha256").update(metadataBytes).digest("hex"),
    key_id: key.key_id,
    keyName: key.name,
  };
}

async function readOwn(
  tar: TarReader,
  name: string,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const entry = await tar.next();
  if (entry?.type !== "file" || entry.name !== name) {
    const found = entry === undefined ? "its end" : showName(entry.name);
    throw new InvalidInputError(`where ${name} has to be, there is ${found}`);
  }
  if (entry.size > most) {
    throw new InvalidInputError(`its ${name} has ${entry.size} bytes; at most ${most} are read`);
  }
  return new Uint8Array(await tar.readAll());
}

/** The text of the signature; what is none at all is a bundle that nobody signed. */
function signatureOf(bytes: Uint8Array): string {
  try {
    return readSignature(new TextDecoder().decode(bytes));
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    throw new NotAuthorisedError(`its signature cannot be read: ${error.message}`, {
      cause: error,
    });
  }
}

/** Holds what the archive has against what was signed. */
function readEntries(tar: TarReader, metadata: Metadata) {
  const files = new Map(Object.entries(metadata.sha256));
  const links = new Map(Object.entries(metadata.links));
  const folders = new Set(metadata.folders ?? []);
  const seen = new Set<string>([bundleNames.metadata, bundleNames.signature]);
  const implied = impliedFolders([...files.keys(), ...links.keys(), ...folders]);
  let current: { readonly path: string; readonly hash: ReturnType<typeof createHash> } | undefined;

  function toBundleEntry(entry: TarEntry): BundleEntry {
    const path = entry.name;
    const fault = nameFault(path);
    if (fault !== undefined) throw new InvalidInputError(`the name ${showName(path)}: ${fault}`);
    if (seen.has(path)) throw new InvalidInputError(`${showName(path)} is there twice`);
    seen.add(path);
    switch (entry.type) {
      case "file": {
        if (!files.has(path)) throw unsigned(entry);
        const size = metadata.sizes[path]!;
        if (entry.size !== size) {
          throw new InvalidInputError(
            `${showName(path)} has ${entry.size} bytes, and ${size} were signed`,
          );
        }
        return { type: "file", path, size, mode: metadata.modes[path]! };
      }
      case "link": {
        const target = links.get(path);
        if (target === undefined) throw unsigned(entry);
        if (entry.target !== target) {
          throw new InvalidInputError(
            `the link ${showName(path)} leads to ${showName(entry.target)}, and ` +
              `${showName(target)} was signed`,
          );
        }
        return { type: "link", path, target };
      }
      case "folder":
        if (!folders.has(path) && !implied.has(path)) throw unsigned(entry);
        return { type: "folder", path };
    }
  }

  function finish(): void {
    const { path, hash } = current!;
    current = undefined;
    if (hash.digest("hex") !== files.get(path)) {
      throw new InvalidInputError(`the content of ${showName(path)} is not what was signed`);
    }
  }

  async function read(): Promise<Uint8Array | undefined> {
    if (current === undefined) return undefined;
    const piece = await tar.read();
    if (piece === undefined) finish();
    else current.hash.update(piece);
    return piece;
  }

  return {
    async next(): Promise<BundleEntry | undefined> {
      while (current !== undefined) await read();
      const entry = await tar.next();
      if (entry === undefined) {
        for (const path of [...files.keys(), ...links.keys(), ...folders]) {
          if (!seen.has(path)) throw new InvalidInputError(`${showName(path)} is missing from it`);
        }
        return undefined;
      }
      const found = toBundleEntry(entry);
      if (found.type === "file") current = { path: found.path, hash: createHash("sha256") };
      return found;
    },
    read,
    async readAll(): Promise<Uint8Array> {
      const content = await tar.readAll();
      current!.hash.update(content);
      finish();
      return content;
    },
  };
}

function unsigned({ type, name }: TarEntry): InvalidInputError {
  return new InvalidInputError(`the ${type} ${showName(name)} is not in the signed metadata`);
}

function impliedFolders(paths: readonly string[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
      const folder = path.slice(0, at);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}
