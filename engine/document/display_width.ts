const nothing = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const wide =
  /^[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]$/u;

/** How many cells of a terminal one character (code point) takes: 0, 1 or 2. */
export function displayWidth(character: string): number {
  if (character >= " " && character <= "~") return 1;
  if (nothing.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}
