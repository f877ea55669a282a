import { InvalidInputError } from "../errors.ts";
import { canonicalJson, type Json } from "../json.ts";
import { parseStrictJson } from "./strict_json.ts";

/** The payload type of a signed pipeline. */
export const pipelineStatementType = "application/vnd.sluice.pipeline.v1+json";

/** Digests by name: `sha256:` and 64 hexadecimal digits. */
export type Digests = Readonly<Record<string, string>>;

/**
 * What the signature of a pipeline says: these texts, run by this code, within this part of the lock.
 * Names of files are their paths from the folder of the pipeline, such as `../common/lock.yaml`.
 */
export interface PipelineStatement {
  readonly schemaVersion: 1;
  /** Name of the pipeline's own file, without a folder. */
  readonly pipeline: string;
  /** The pipeline and all that it is made from. */
  readonly files: Digests;
  /** The one file of each step of others. */
  readonly steps: Digests;
  /** Folders and files of Sluice, by their paths within it. */
  readonly code: Digests;
  /** Entries of the lock, such as `surfaces.upgrade` or `ad_hoc`. */
  readonly lock: Digests;
  /** ISO 8601, UTC, by the second; valid for ever where it is left out. */
  readonly expires?: string;
}

/** The bytes that are signed: canonical JSON, so that one statement has one spelling. */
export function encodeStatement(statement: PipelineStatement): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(canonicalJson(statement as unknown as Json));
}

/**
 * Reads the payload of an envelope whose signature was verified.
 *
 * @throws InvalidInputError when it is no statement of this version, in its one spelling
 */
export function readStatement(payload: Uint8Array<ArrayBuffer>): PipelineStatement {
  const text = decode(payload);
  const value = parseStrictJson(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw fault("its top");
  const { schemaVersion, pipeline, files, steps, code, lock, expires, ...rest } = value as {
    readonly [key: string]: Json | undefined;
  };
  if (schemaVersion !== 1) throw fault("schemaVersion");
  if (typeof pipeline !== "string" || pipeline === "" || pipeline.includes("/")) {
    throw fault("pipeline");
  }
  const [stranger] = Object.keys(rest);
  if (stranger !== undefined) throw fault(stranger);
  const statement: PipelineStatement = {
    schemaVersion,
    pipeline,
    files: digests(files, "files", isFileName),
    steps: digests(steps, "steps", isFileName),
    code: digests(code, "code", isFileName),
    lock: digests(lock, "lock", (name) => name !== ""),
    ...(expires === undefined ? {} : { expires: readTime(expires) }),
  };
  if (!Object.hasOwn(statement.files, pipeline)) throw fault("files");
  if (canonicalJson(value) !== text) {
    throw new InvalidInputError("it is not in canonical JSON");
  }
  return statement;
}

/**
 * Reads a moment as statements have it: `2027-01-01T00:00:00Z`.
 *
 * @throws InvalidInputError for any other spelling
 */
export function readTime(value: Json): string {
  const sound = typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) &&
    !Number.isNaN(Date.parse(value));
  if (!sound) throw fault("expires");
  return value;
}

function digests(
  value: Json | undefined,
  name: string,
  isName: (name: string) => boolean,
): Digests {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw fault(name);
  const entries = Object.entries(value as { readonly [key: string]: Json });
  for (const [key, digest] of entries) {
    if (!isName(key)) throw fault(`${name}: ${JSON.stringify(key)}`);
    if (typeof digest !== "string" || !/^sha256:[0-9a-f]{64}$/.test(digest)) {
      throw fault(`${name}: ${JSON.stringify(key)}`);
    }
  }
  return Object.fromEntries(entries) as Digests;
}

/** `a/b` or `../a/b`: no other spelling of the same file, and nothing that steers a terminal. */
function isFileName(name: string): boolean {
  // deno-lint-ignore no-control-regex
  if (name === "" || /[\x00-\x1f\x7f]/.test(name)) return false;
  const parts = name.split("/");
  const ups = parts.findIndex((part) => part !== "..");
  return ups >= 0 && parts.slice(ups).every((part) => part !== "" && part !== "." && part !== "..");
}

function decode(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new InvalidInputError("it is not UTF-8 text");
  }
}

function fault(where: string): InvalidInputError {
  return new InvalidInputError(`what it says of ${where} is not as it has to be`);
}
