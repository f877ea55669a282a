/** Bytes that Linux file systems allow in a name. */
const longestSegment = 255;
/** Bytes of a whole path within an archive; leaves room for the folder it goes to. */
const longestPath = 2048;

const encoder = new TextEncoder();

/**
 * Why a path within an archive must not be used, or `undefined` where it may: relative, `/` between
 * its segments, no segment that is empty, `.` or `..`, no backslash, no control character or line
 * separator, valid Unicode, at most 255 bytes a segment.
 *
 * @example
 * ```ts
 * import { nameFault } from "./safe_name.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(nameFault("files/app/main.py"), undefined);
 * assert.equal(nameFault("files/../../etc/passwd"), "it has a segment '..'");
 * ```
 */
export function nameFault(path: string): string | undefined {
  if (path === "") return "it is empty";
  if (!path.isWellFormed()) return "it is not valid Unicode";
  if (path.includes("\uFFFD")) return "it holds U+FFFD, which stands for a name that is not UTF-8";
  if (/[\p{Cc}\u2028\u2029]/u.test(path)) return "it holds a control character";
  if (path.includes("\\")) return "it holds a backslash";
  if (path.startsWith("/")) return "it is absolute";
  for (const segment of path.split("/")) {
    if (segment === "") return "it has an empty segment";
    if (segment === "." || segment === "..") return `it has a segment '${segment}'`;
    if (encoder.encode(segment).length > longestSegment) {
      return `it has a segment of more than ${longestSegment} bytes`;
    }
  }
  if (encoder.encode(path).length > longestPath) return `it has more than ${longestPath} bytes`;
  return undefined;
}

/**
 * A text for a path that is equal for paths that some file system takes for one: letters of the other
 * case, other compositions of the same character, compatible forms.
 */
export function caseKey(path: string): string {
  // Upper before lower case also joins what folds to several letters, such as "ß" and "SS".
  return path.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
}

/** Makes a name from an archive fit for a message: quoted, control characters escaped, not endless. */
export function showName(path: string): string {
  const text = JSON.stringify(path).replaceAll(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
  return text.length > 200 ? `${text.slice(0, 200)}…"` : text;
}
