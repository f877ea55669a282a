import { createHash } from "node:crypto";
import { InvalidInputError } from "../../engine/errors.ts";
import { nameFault, showName } from "../archive/safe_name.ts";
import type { TarEntry, TarReader } from "../archive/tar_reader.ts";
import { bundleNames, type FileMode, type Metadata } from "./metadata.ts";

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

/** The entries of an archive, each as it was signed. */
export interface SignedEntries {
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
}

/** Holds what the archive has against what was signed. */
export function readSignedEntries(tar: TarReader, metadata: Metadata): SignedEntries {
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
