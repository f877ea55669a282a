import { lineBytes, outputBytes } from "../../engine/foreign/limits.ts";

/** Which lines of a process of others are read at all: every message, and output up to a limit. */
export interface OutputLimit {
  /** Whether a line is to be read; of output that is not, the bytes are counted. */
  readonly wants: (stream: "stdout" | "stderr", line: Uint8Array) => boolean;
  /** Bytes of output that were left out until now. */
  readonly dropped: () => number;
}

/**
 * The limit of one process. Empty lines are no output: each message begins on a new line. What is
 * beyond the limit costs next to nothing, however much of it there is.
 *
 * @param nonce of its messages
 * @example
 * ```ts
 * import { makeOutputLimit } from "./output_limit.ts";
 * import assert from "node:assert/strict";
 *
 * const { wants, dropped } = makeOutputLimit("n");
 * const bytes = (text: string) => new TextEncoder().encode(text);
 * assert.ok(wants("stderr", bytes("x".repeat(4_000_000))));
 * assert.ok(!wants("stdout", bytes("x".repeat(1_000_000))));
 * assert.ok(wants("stdout", bytes('{"sluice":"n","number":1}')));
 * assert.equal(dropped(), 1_000_000);
 * ```
 */
export function makeOutputLimit(nonce: string): OutputLimit {
  const message = new TextEncoder().encode(`{"sluice":${JSON.stringify(nonce)}`);
  let left = outputBytes;
  let dropped = 0;
  return {
    wants(stream, line) {
      if (line.length === 0) return false;
      if (stream === "stdout" && message.every((byte, at) => line[at] === byte)) return true;
      if (left < line.length + lineBytes) {
        dropped += line.length;
        return false;
      }
      left -= line.length + lineBytes;
      return true;
    },
    dropped: () => dropped,
  };
}
