const spelling = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/;

/**
 * Whether a text may name a release: up to 64 letters, digits and `. _ + -`, beginning with a letter
 * or a digit, so that it is safe as the name of a folder. `.staging` at its end is taken.
 */
export function isVersion(text: string): boolean {
  return spelling.test(text) && !text.includes("..") && !text.endsWith(".staging");
}

/**
 * Orders versions: negative where `a` comes before `b`, 0 where neither does.
 *
 * The order is that of Semantic Versioning 2.0.0 (precedence, §11: a prerelease comes before its
 * release, what stands after `+` does not count). Versions of another shape (`1.2`, `2024.10.1.4`,
 * `1.2b`) are compared number by number in the same way; a missing number counts as 0.
 *
 * @example
 * ```ts
 * import { compareVersions } from "./version.ts";
 * import assert from "node:assert/strict";
 *
 * const versions = ["1.10.0", "1.9.0", "1.10.0-rc.1"];
 * assert.deepEqual(versions.sort(compareVersions), ["1.9.0", "1.10.0-rc.1", "1.10.0"]);
 * ```
 */
export function compareVersions(a: string, b: string): number {
  const left = parse(a);
  const right = parse(b);
  for (let at = 0; at < Math.max(left.core.length, right.core.length); at++) {
    const order = compareNatural(left.core[at] ?? "0", right.core[at] ?? "0");
    if (order !== 0) return order;
  }
  return comparePrerelease(left.prerelease, right.prerelease);
}

interface Parsed {
  readonly core: readonly string[];
  readonly prerelease: readonly string[];
}

function parse(version: string): Parsed {
  const [precedence = ""] = version.split("+", 1);
  const dash = precedence.indexOf("-");
  if (dash < 0) return { core: precedence.split("."), prerelease: [] };
  return {
    core: precedence.slice(0, dash).split("."),
    prerelease: precedence.slice(dash + 1).split("."),
  };
}

function comparePrerelease(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return Math.sign(b.length - a.length);
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const order = compareIdentifiers(a[at]!, b[at]!);
    if (order !== 0) return order;
  }
  return Math.sign(a.length - b.length);
}

function compareIdentifiers(a: string, b: string): number {
  const numbers = [a, b].map((text) => /^\d+$/.test(text));
  if (numbers[0] && numbers[1]) return compareNumbers(a, b);
  if (numbers[0] !== numbers[1]) return numbers[0] ? -1 : 1;
  return compareText(a, b);
}

/** Runs of digits as numbers, all else as text; a number comes before text. */
function compareNatural(a: string, b: string): number {
  const left = a.match(/\d+|\D+/g) ?? [];
  const right = b.match(/\d+|\D+/g) ?? [];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const order = compareIdentifiers(left[at]!, right[at]!);
    if (order !== 0) return order;
  }
  return Math.sign(left.length - right.length);
}

/** Any number of digits, so that a date with a time keeps its order. */
function compareNumbers(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => BigInt(text)) as [bigint, bigint];
  return left < right ? -1 : left > right ? 1 : 0;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
