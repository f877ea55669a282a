import { type Chained, isSealed, lineDigest } from "./chain_line.ts";

export type ChainVerdict =
  | {
    readonly ok: true;
    /** How many whole lines there are. */
    readonly lines: number;
    /** Bytes after them: a line that was being written when the process or the machine ended. */
    readonly torn: number;
    /** SHA-256 of the last whole line, in hex; `""` where there is none. */
    readonly head: string;
    /** Number of the line whose SHA-256 was given, where one was. */
    readonly kept?: number;
  }
  | {
    readonly ok: false;
    /** The first line that is not as it was written, from 1. */
    readonly line: number;
    readonly reason: string;
  };

/**
 * Checks that a chain is as it was written: finds any line that was changed, removed, put in or
 * moved, the last one too.
 *
 * From the file alone nobody can see that its last lines were removed, nor that someone who knows
 * the format wrote it anew from some line on. Who fears that keeps the `head` elsewhere and gives it
 * later: the line with this hash must still be there; others may follow it.
 *
 * @example
 * ```ts
 * import { chainLine } from "./chain_line.ts";
 * import { verifyChain } from "./verify_chain.ts";
 * import assert from "node:assert/strict";
 *
 * const line = chainLine(1, "", { action: "apply" });
 * assert.equal(verifyChain(`${line}\n`).ok, true);
 * assert.deepEqual(verifyChain(`${line.replace("apply", "plan")}\n`), {
 *   ok: false,
 *   line: 1,
 *   reason: "it was changed: its hash does not match",
 * });
 * ```
 */
export function verifyChain(
  text: string | Uint8Array,
  { head: expected }: { readonly head?: string } = {},
): ChainVerdict {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  let head = "";
  let lines = 0;
  let length = 0;
  let kept: number | undefined;
  for (const line of wholeLines(bytes)) {
    const read = readChainLine(line, { seq: lines + 1, prev: head });
    if (!read.ok) return { ok: false, line: lines + 1, reason: read.reason };
    head = lineDigest(line);
    lines++;
    length += line.length + 1;
    if (head === expected) kept = lines;
  }
  if (expected !== undefined && expected !== "" && kept === undefined) {
    const reason = `lines were removed or written anew: none has the SHA-256 ${expected}`;
    return { ok: false, line: lines + 1, reason };
  }
  return {
    ok: true,
    lines,
    torn: bytes.length - length,
    head,
    ...(kept === undefined ? {} : { kept }),
  };
}

/** The lines that have an end, without it. */
export function* wholeLines(bytes: Uint8Array): Generator<Uint8Array> {
  const newline = 0x0a;
  for (let start = 0, end = 0; (end = bytes.indexOf(newline, start)) >= 0; start = end + 1) {
    yield bytes.subarray(start, end);
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A line of a chain as it was read; `json: false` when it is no JSON at all. */
export type ReadLine =
  | { readonly ok: true; readonly entry: Chained }
  | { readonly ok: false; readonly json: boolean; readonly reason: string };

/**
 * Reads one line of a chain and checks it.
 *
 * @param place the number it must have, and the digest of the line before it
 */
export function readChainLine(
  bytes: Uint8Array,
  place: { readonly seq: number; readonly prev: string },
): ReadLine {
  let line: string;
  let value: unknown;
  try {
    line = decoder.decode(bytes);
    value = JSON.parse(line);
  } catch {
    return { ok: false, json: false, reason: "it was changed: it is not JSON" };
  }
  const fault = (reason: string): ReadLine => ({ ok: false, json: true, reason });
  if (typeof value !== "object" || value === null || !isSealed(line)) {
    return fault("it was changed: its hash does not match");
  }
  const entry = value as Chained;
  if (entry.seq !== place.seq) {
    return fault(
      `a line was removed, put in or moved: its seq is ${entry.seq} and should be ${place.seq}`,
    );
  }
  if (entry.prev !== place.prev) {
    return fault("the line before it was changed or removed: its prev is not that line's SHA-256");
  }
  return { ok: true, entry };
}
