import { mask, type Masker } from "./masker.ts";

/** Characters after which a line without an end is given out all the same. */
const longestLine = 8192;

/**
 * Cuts text that comes in pieces into lines and masks them, so that a secret which two pieces share
 * is found. A line that is too long to be held is cut, but no secret is cut with it.
 *
 * @param line takes each line, masked, without its end
 *
 * @example
 * ```ts
 * import { maskLines } from "./mask_lines.ts";
 * import { Masker } from "./masker.ts";
 * import assert from "node:assert/strict";
 *
 * const masker = new Masker();
 * masker.add("s3cr3t!");
 * const lines: string[] = [];
 * const masked = maskLines(masker, (line) => lines.push(line));
 * masked.piece("login with s3c");
 * masked.piece("r3t!\ndone");
 * masked.end();
 * assert.deepEqual(lines, ["login with ***", "done"]);
 * ```
 */
export function maskLines(
  masker: Masker,
  line: (text: string) => void,
): { piece(text: string): void; end(): void } {
  let held = "";
  /** A first part of the line was given out already. */
  let begun = false;
  /** So many characters of what is held belong to a secret that was told with that part. */
  let covered = 0;

  /** Gives out a text up to a place, masked; what follows it is looked at, too. */
  const give = (text: string, upTo: number) => {
    let masked = "";
    let at = covered;
    for (const { start, end } of masker.find(text)) {
      if (start >= upTo) break;
      const told = covered > 0 && start <= covered;
      if (!told) masked += text.slice(at, start) + mask;
      at = Math.max(at, end);
    }
    if (at < upTo) masked += text.slice(at, upTo);
    covered = Math.max(0, at - upTo);
    if (masked !== "" || !begun) line(masked);
    begun = true;
  };
  const finish = (text: string) => {
    give(text, text.length);
    begun = false;
  };
  return {
    piece(text) {
      const lines = (held + text).split("\n");
      held = lines.pop()!;
      for (const each of lines) finish(each.replace(/\r$/, ""));
      // No form of a secret that begins before the cut ends after what is held.
      const cut = held.length - masker.longest;
      if (cut < longestLine) return;
      const upTo = isLowSurrogate(held, cut) ? cut - 1 : cut;
      give(held, upTo);
      held = held.slice(upTo);
    },
    end() {
      if (held !== "") finish(held);
      held = "";
    },
  };
}

function isLowSurrogate(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff;
}
