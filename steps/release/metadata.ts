import * as v from "valibot";
import { InvalidInputError } from "../../engine/errors.ts";
import { canonicalJson, type Json } from "../../engine/json.ts";
import { showName } from "../archive/safe_name.ts";
import { treeFault } from "./bundle_tree.ts";
import { isVersion } from "./version.ts";

/**
 * What a bundle says of itself: `metadata.json`, its first file, whose exact bytes are signed. Paths
 * are those within the bundle: `files/…`, `LICENSE`, `post_install.sh`.
 */
export interface Metadata {
  readonly schemaVersion: 1;
  readonly name: string;
  readonly version: string;
  /** ISO 8601, UTC, seconds. */
  readonly build_time: string;
  /** The lowest version that may be installed once this one has proven good. */
  readonly floor?: string;
  /** By path, of every file but this one and its signature: SHA-256 in hex. */
  readonly sha256: Readonly<Record<string, string>>;
  /** By path, of the same files: bytes. */
  readonly sizes: Readonly<Record<string, number>>;
  /** By path, of the same files: whether it may be executed. */
  readonly modes: Readonly<Record<string, FileMode>>;
  /** By path: the exact target of each symbolic link. */
  readonly links: Readonly<Record<string, string>>;
  /** Folders that hold nothing; others follow from what they hold. */
  readonly folders?: readonly string[];
}

export type FileMode = "0644" | "0755";

/** Names in a bundle. */
export const bundleNames = {
  metadata: "metadata.json",
  signature: "metadata.json.sig",
  files: "files",
  hook: "post_install.sh",
  licence: "LICENSE",
} as const;

/** Bytes of `metadata.json` and of its signature that are read at most. */
export const longestMetadata = 64 * 1024 * 1024;
export const longestSignature = 16 * 1024;

const version = v.pipe(v.string(), v.check(isVersion, "a version"));

const schema = v.strictObject({
  schemaVersion: v.literal(1),
  name: v.pipe(v.string(), v.check(isBundleName, "letters, digits and . _ -")),
  version,
  build_time: v.pipe(v.string(), v.isoTimestamp(), v.regex(/^[^.]{19}Z$/, "whole seconds, UTC")),
  floor: v.exactOptional(version),
  sha256: v.record(v.string(), v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "SHA-256 in hex"))),
  sizes: v.record(v.string(), v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  modes: v.record(v.string(), v.picklist(["0644", "0755"])),
  links: v.record(v.string(), v.string()),
  folders: v.exactOptional(v.array(v.string())),
});

/** Whether a text may be the name of a bundle, which is also part of its file's name. */
export function isBundleName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text) && !text.includes("..");
}

/**
 * Reads `metadata.json` and judges all that it says: its shape, that the maps agree with each other,
 * and that every name and link in it may be made on disk.
 *
 * @throws InvalidInputError with the first fault
 */
export function parseMetadata(bytes: Uint8Array): Metadata {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new InvalidInputError("metadata.json is not JSON in UTF-8", { cause: error });
  }
  const known = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (typeof known === "number" && known !== 1) {
    throw new InvalidInputError(`metadata.json has the schemaVersion ${known}, and 1 is known`, {
      hint: "update Sluice on this machine",
    });
  }
  const read = v.safeParse(schema, value);
  if (!read.success) {
    const [issue] = read.issues;
    const at = showName(v.getDotPath(issue) ?? "");
    throw new InvalidInputError(`metadata.json is not valid at ${at}: ${issue.message}`);
  }
  const metadata = read.output;
  checkMaps(metadata);
  const fault = treeFault(metadata);
  if (fault !== undefined) throw new InvalidInputError(`metadata.json is not valid: ${fault}`);
  return metadata;
}

/** The exact bytes of `metadata.json`: canonical JSON and a line end. */
export function encodeMetadata(metadata: Metadata): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(canonicalJson(metadata as unknown as Json) + "\n");
}

/** What a release needs on disk. Sizes are rounded up to blocks of 4 KiB, folders included. */
export function needs(metadata: Metadata): { readonly bytes: number; readonly inodes: number } {
  const block = 4096;
  const sizes = Object.values(metadata.sizes);
  const folders = releaseFolders(metadata).size + 2; // The release's own, and the one of its metadata.
  const links = Object.keys(metadata.links).length;
  const kept = 3;
  const content = sizes.reduce((sum, size) => sum + Math.ceil(size / block) * block, 0);
  // A metadata.json takes less than 400 bytes a file.
  const own = Math.ceil(400 * (sizes.length + links) / block + kept) * block;
  return {
    bytes: content + own + (folders + links) * block,
    inodes: sizes.length + links + folders + kept,
  };
}

/** Bytes of all files, as they were signed. */
export function contentBytes(metadata: Metadata): number {
  return Object.values(metadata.sizes).reduce((sum, size) => sum + size, 0);
}

/** Where a path of a bundle lies in an installed release: `files/` is left away. */
export function releasePath(path: string): string {
  const prefix = `${bundleNames.files}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : path;
}

/** Every folder below a release's own, by its path in the release. */
export function releaseFolders(metadata: Metadata): ReadonlySet<string> {
  const folders = new Set<string>();
  const add = (path: string) => {
    for (let at = path; at !== "" && !folders.has(at);) {
      folders.add(at);
      at = at.slice(0, Math.max(0, at.lastIndexOf("/")));
    }
  };
  for (const folder of metadata.folders ?? []) add(releasePath(folder));
  for (const path of [...Object.keys(metadata.sha256), ...Object.keys(metadata.links)]) {
    const inside = releasePath(path);
    add(inside.slice(0, Math.max(0, inside.lastIndexOf("/"))));
  }
  return folders;
}

function checkMaps({ sha256, sizes, modes }: Metadata): void {
  const files = Object.keys(sha256);
  for (const [name, map] of [["sizes", sizes], ["modes", modes]] as const) {
    const missing = files.find((path) => !Object.hasOwn(map, path));
    const extra = Object.keys(map).find((path) => !Object.hasOwn(sha256, path));
    const odd = missing ?? extra;
    if (odd !== undefined) {
      const what = missing === undefined ? "has" : "lacks";
      throw new InvalidInputError(`metadata.json is not valid: ${name} ${what} ${showName(odd)}`);
    }
  }
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  if (!Number.isSafeInteger(total)) {
    throw new InvalidInputError("metadata.json is not valid: its sizes are too large together");
  }
}
