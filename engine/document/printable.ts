/**
 * Characters that no reader sees as they are: they end a line, turn text around, or take no room, so
 * that two texts which differ look alike. A variation selector behind a pictograph is none of them.
 *
 * @see https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
 */
const misread =
  /(?!(?<=\p{Extended_Pictographic})\ufe0f)[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Zl}\p{Zp}\u2800]/gu;

/** Controls of C1 and DELETE, which JSON leaves as they are. */
const controls = /[\u007f-\u009f]/g;

/** The same, and every control besides the tab and the end of a line. */
// deno-lint-ignore no-control-regex
const allControls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * Shows control characters, which could steer a terminal, as `�`, and what would turn text around or
 * not be seen at all as JSON writes it, `\u202e`: two texts that differ look different.
 */
export function printable(text: string): string {
  return showMisread(text.replaceAll(/(?!\t)\p{Cc}/gu, "�"));
}

/** Shows each character that would be misread as JSON writes it: `\u202e`. Controls stay. */
function showMisread(text: string): string {
  return text.replaceAll(misread, escaped);
}

/**
 * JSON in which every character that a terminal, or a reader of lines, could take for more than text
 * is escaped. Its value stays the same.
 */
export function escapeMisread(json: string): string {
  return showMisread(json).replaceAll(controls, escaped);
}

/** Escapes in our own output that style text: all that is ever written. */
// deno-lint-ignore no-control-regex
const styles = /(\x1b\[(?:0|1|2|22|31;1|33;1)m)/;

/**
 * Whole lines for a terminal or a file, text or JSON, without anything in them that steers, turns
 * around or hides. Of escape sequences only those are left that colour our own output.
 *
 * @param color whether there may be any
 */
export function harmless(text: string, color: boolean): string {
  const clean = (part: string) => showMisread(part).replaceAll(allControls, escaped);
  if (!color) return clean(text);
  return text.split(styles).map((part, index) => index % 2 === 1 ? part : clean(part)).join("");
}

/** As JSON escapes it; what lies beyond U+FFFF in two halves. */
function escaped(character: string): string {
  return character.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
