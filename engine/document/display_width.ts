import { showMisread } from "./misread.ts";

const nothing = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const wide =
  /^[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]$/u;

/** How many cells of a terminal one character (code point) takes: 0, 1 or 2. */
export function displayWidth(character: string): number {
  if (character >= " " && character <= "~") return 1;
  if (nothing.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/**
 * Shows control characters, which could steer a terminal, as `�`, and what would turn text around or
 * not be seen at all as JSON writes it, `\u202e`: two texts that differ look different.
 */
export function printable(text: string): string {
  return showMisread(text.replaceAll(/(?!\t)\p{Cc}/gu, "�"));
}
