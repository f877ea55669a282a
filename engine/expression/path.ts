/** The names and indexes that lead to a value, beginning with `params`, `steps`, `item` or `run`. */
export type Path = readonly (string | number)[];

const name = /[A-Za-z_][A-Za-z0-9_]*/y;
const index = /\[\s*(?:'([^'\\\r\n]*)'|"([^"\\\r\n]*)"|(0|[1-9][0-9]{0,8}))\s*\]/y;
const gap = /[ \t\r\n]*/y;
/** Words that CEL does not take as names. */
const words = new Set(["true", "false", "null", "in"]);

/**
 * Reads an expression that does nothing but follow names and literal indexes, such as
 * `steps['P5-2'].files[0]`; `undefined` for any other. What it accepts means the same in CEL, so
 * such an expression is evaluated without loading CEL.
 *
 * @example
 * ```ts
 * import { parsePath } from "./path.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(parsePath("steps['P5-2'].files[0]"), ["steps", "P5-2", "files", 0]);
 * assert.equal(parsePath("params.a + params.b"), undefined);
 * ```
 */
export function parsePath(source: string): Path | undefined {
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  const takeName = (): string | undefined => {
    take(gap);
    const word = take(name)?.[0];
    return word === undefined || words.has(word) ? undefined : word;
  };

  const root = takeName();
  if (root === undefined) return undefined;
  const path: (string | number)[] = [root];
  while (true) {
    take(gap);
    if (at === source.length) return path;
    if (source[at] === ".") {
      at++;
      const member = takeName();
      if (member === undefined) return undefined;
      path.push(member);
    } else {
      const match = take(index);
      if (match === null) return undefined;
      path.push(match[1] ?? match[2] ?? Number(match[3]));
    }
  }
}

/** A path as an author would write it. */
export function showPath(path: Path): string {
  return path.map((key, n) => {
    if (typeof key === "number") return `[${key}]`;
    if (n === 0) return key;
    return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) && !words.has(key)
      ? `.${key}`
      : `['${key.replaceAll(/['\\]/g, "\\$&")}']`;
  }).join("");
}
