/**
 * What hostile bundles are made of. Of the tests.
 *
 * @module
 */
import type { RawBundle, RawEntry } from "./raw_bundle.ts";

export const invalid = 2;
export const notAuthorised = 6;

/** A spoiled bundle, the exit code that it deserves, and what the message says. */
export interface HostileCase {
  readonly exit: number;
  readonly why: RegExp;
  spoil(bundle: RawBundle): void;
}

export const gnuMagic = "ustar  \0";

/** A text of so many bytes. */
export const text = (bytes: number) => "x".repeat(bytes);

/** Changes an entry of the archive, and not what was signed. */
export function entry(path: string, change: Partial<RawEntry>): HostileCase["spoil"] {
  return ({ entries }) => {
    const at = entries.findIndex(({ name }) => name === path);
    entries[at] = { ...entries[at]!, ...change };
  };
}

/** Adds entries to the archive that were not signed. */
export function add(...more: RawEntry[]): HostileCase["spoil"] {
  return ({ entries }) => void entries.push(...more);
}

/** An entry that is also in the signed metadata, as whoever holds a trusted key could make it. */
export function signed(path: string, content = "x"): HostileCase["spoil"] {
  return (bundle) => {
    bundle.contents[path] = content;
    bundle.entries.push({ name: "see-pax", content, pax: { path } });
  };
}

/** A link that is also in the signed metadata. */
export function signedLink(path: string, target: string): HostileCase["spoil"] {
  return (bundle) => {
    bundle.links[path] = target;
    bundle.entries.push({ name: path, type: "2", target });
  };
}

/** Changes what the signed metadata says. */
export function metadata(change: NonNullable<RawBundle["metadata"]>): HostileCase["spoil"] {
  return (bundle) => void (bundle.metadata = change);
}
