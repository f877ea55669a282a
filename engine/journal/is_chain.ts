const begin = '{"seq":';
const end = /,"hash":"[0-9a-f]{64}"\}$/;

/**
 * Whether a text is a chain at all, damaged perhaps: a line of it begins or ends as each of a chain
 * does. What is none was not changed, it was never chained. An empty text is a chain without lines.
 *
 * @example
 * ```ts
 * import { chainLine } from "./chain_line.ts";
 * import { isChain } from "./is_chain.ts";
 * import assert from "node:assert/strict";
 *
 * const line = chainLine(1, "", { action: "apply" });
 * assert.ok(isChain(`${line}\n`));
 * assert.ok(isChain(line.replace('"seq"', '"sEq"')));
 * assert.ok(!isChain('{"type":"started"}\n'));
 * ```
 */
export function isChain(text: string): boolean {
  const lines = text.split("\n").filter((line) => line !== "");
  // A first line that was being written may have ended anywhere.
  return lines.length === 0 || begin.startsWith(text) ||
    lines.some((line) => line.startsWith(begin) || end.test(line));
}
