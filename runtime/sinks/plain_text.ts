import { printable } from "../../engine/document/printable.ts";
import { withoutAdvice } from "../../engine/errors.ts";

/** Sequences that style text, move the cursor or set a title (ECMA-48: CSI, OSC and other strings). */
const sequences =
  // deno-lint-ignore no-control-regex
  /\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-Z\\^-~]/g;

/**
 * One line of somebody else's text as it may stand on a terminal: without the sequences that drive
 * one, without Deno's advice to whom it refuses, tabs as spaces, and every control character that is
 * left as `�`.
 *
 * @example
 * ```ts
 * import { plainText } from "./plain_text.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(plainText("\x1b[31mred\x1b[0m\x1b]0;title\x07 \x07"), "red �");
 * ```
 */
export function plainText(text: string): string {
  return printable(
    withoutAdvice(text.replaceAll(sequences, "")).replaceAll("\t", "    ").toWellFormed(),
  );
}

/**
 * The lines of a text. Of one that was overwritten with carriage returns, as bars of progress are,
 * what a terminal would have shown last.
 */
export function plainLines(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => {
    const shown = line.split("\r").filter((part) => part !== "");
    return plainText(shown.at(-1) ?? "");
  });
  while (lines.at(-1)?.trim() === "") lines.pop();
  return lines;
}
