import { encodePax } from "./pax.ts";
import { blockSize, encodeTarHeader, type NewHeader } from "./tar_header.ts";

/** What the header of an entry is made from. */
export type NewTarEntry =
  | { readonly type: "file"; readonly name: string; readonly size: number; readonly mode: number }
  | { readonly type: "folder"; readonly name: string }
  | { readonly type: "link"; readonly name: string; readonly target: string };

const beyondUstar = 8 ** 11;
const longestName = 100;

/**
 * The header of an entry, in the format pax where ustar cannot say it: names that are long or not
 * ASCII, and sizes from 8 GiB on. Nothing in it depends on a clock, a user or a host.
 */
export function tarHeader(entry: NewTarEntry): Uint8Array {
  const size = entry.type === "file" ? entry.size : 0;
  const target = entry.type === "link" ? entry.target : "";
  const name = entry.type === "folder" ? `${entry.name}/` : entry.name;
  const overrides = {
    ...(fits(name) ? {} : { path: name }),
    ...(fits(target) ? {} : { linkpath: target }),
    ...(size < beyondUstar ? {} : { size: String(size) }),
  };
  const header: NewHeader = {
    type: entry.type,
    name: fits(name) ? name : "see-pax-header",
    target: fits(target) ? target : "",
    size: size < beyondUstar ? size : 0,
    mode: entry.type === "file" ? entry.mode : entry.type === "link" ? 0o777 : 0o755,
  };
  const block = encodeTarHeader(header);
  if (Object.keys(overrides).length === 0) return block;
  const records = encodePax(overrides);
  const pax = encodeTarHeader({
    type: "pax",
    name: "pax-header",
    size: records.length,
    mode: 0o644,
  });
  return join([pax, records, tarPadding(records.length), block]);
}

/** The zeros that follow a content of `size` bytes. */
export function tarPadding(size: number): Uint8Array {
  return new Uint8Array((blockSize - size % blockSize) % blockSize);
}

/** The two zero blocks that end an archive. */
export function tarEnd(): Uint8Array {
  return new Uint8Array(2 * blockSize);
}

function fits(text: string): boolean {
  return text.length <= longestName && /^[\x20-\x7e]*$/.test(text);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
