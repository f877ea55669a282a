import { BugError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import { sha256 } from "../sha256.ts";

/** A record with what the chain adds to it. */
export type Chained<T = JsonObject> = T & {
  /** 1, 2, 3 … */
  readonly seq: number;
  /** SHA-256 of the line before, in lower-case hex; `""` on the first. */
  readonly prev: string;
  /** SHA-256 of this line up to `,"hash"`: the last line has none after it that vouches for it. */
  readonly hash: string;
};

const own: readonly string[] = ["seq", "prev", "hash"];

/**
 * One line of a chain, without its end: `seq`, `prev`, the members of the record, `hash`.
 *
 * @param prev {@linkcode lineDigest} of the line before; `""` for the first
 * @throws BugError when the record has a member of the chain's own
 */
export function chainLine(seq: number, prev: string, record: JsonObject): string {
  const taken = own.find((name) => Object.hasOwn(record, name));
  if (taken !== undefined) throw new BugError(`a record of a chain has the member ${taken}`);
  const hashed = JSON.stringify({ seq, prev, ...record }).slice(0, -1);
  return `${hashed},"hash":"${lineDigest(hashed)}"}`;
}

/** SHA-256, in lower-case hex, of a line without its end, as UTF-8. */
export function lineDigest(line: string | Uint8Array): string {
  return sha256(line);
}

const hashMember = /,"hash":"([0-9a-f]{64})"\}$/;

/** Whether the last member of a line is its `hash`, and is right. */
export function isSealed(line: string): boolean {
  const match = hashMember.exec(line);
  return match !== null && lineDigest(line.slice(0, match.index)) === match[1];
}
