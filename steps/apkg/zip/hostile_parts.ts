/**
 * What hostile zips are made of. Of the tests.
 *
 * @module
 */
import { type RawEntry, type RawZip, rawZip } from "./raw_zip.ts";

/** A zip, and what the message says that refuses it. */
export type HostileZip = readonly [make: () => Uint8Array, why: RegExp];

/** Limits that the corpus is unpacked with: small, so that bombs are cheap to make. */
export const hostileLimits = {
  max_entries: 50,
  max_bytes: 24 * 1024 ** 2,
  max_file: 16 * 1024 ** 2,
  max_ratio: 200,
} as const;

/** A manifest that is right. */
export const manifest = "name: greeter\nversion: 1.2.0\nrest: { entry: main:mount }\n";

/** What makes a package of it, were the rest of it good. */
export const good: RawEntry = { name: "agent.yaml", content: manifest };

/** A package with some more entries. */
export function withEntries(...more: readonly RawEntry[]): () => Uint8Array {
  return () => rawZip({ entries: [good, ...more] });
}

/** A package with an entry of a name. */
export function named(name: string | Uint8Array, change: Partial<RawEntry> = {}): () => Uint8Array {
  return withEntries({ name, content: "evil", ...change });
}

/** A good package with something changed about its frame. */
export function framed(change: Partial<RawZip>): () => Uint8Array {
  return () => rawZip({ entries: [good, { name: "main.py", content: "x = 1\n" }], ...change });
}

/** Bytes that are all zero. */
export const zeros = (length: number) => new Uint8Array(length);

export const mib = 1024 ** 2;
