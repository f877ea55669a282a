import { createHash } from "node:crypto";
import { InvalidInputError, NotAuthorisedError, SluiceError } from "../../engine/errors.ts";
import { readSignature } from "../../engine/trust/read_signature.ts";
import type { TrustedKey } from "../../engine/trust/trusted_key.ts";
import { verifyDetached } from "../../engine/trust/verify_detached.ts";
import { byteReader } from "../archive/byte_reader.ts";
import { showName } from "../archive/safe_name.ts";
import { readTar, type TarReader } from "../archive/tar_reader.ts";
import { readZstd } from "../archive/zstd_reader.ts";
import {
  bundleNames,
  longestMetadata,
  longestSignature,
  type Metadata,
  parseMetadata,
} from "./metadata.ts";
import { readSignedEntries, type SignedEntries } from "./signed_entries.ts";

/** A bundle whose metadata is signed by a trusted key. Disposing of it closes the file. */
export interface OpenBundle extends SignedEntries, AsyncDisposable {
  readonly metadata: Metadata;
  /** The exact bytes that were signed, and the text of the signature's file. */
  readonly metadataBytes: Uint8Array;
  readonly signature: Uint8Array;
  /** SHA-256 of the metadata, in hex: names the release's content. */
  readonly metadata_sha256: string;
  /** The key that signed, and its name in the trust folder. */
  readonly key_id: string;
  readonly keyName: string;
  /** SHA-256 of the bundle's file, in hex; known when {@linkcode SignedEntries.next} has ended. */
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
    const entries = readSignedEntries(tar, head.metadata);
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
