/**
 * Whether a text is an absolute path without `.`, `..`, empty segments or control characters: the
 * only kind that is compared by its segments.
 *
 * @example
 * ```ts
 * import { isPlainPath } from "./path.ts";
 * import assert from "node:assert/strict";
 *
 * assert.ok(isPlainPath("/srv/data"));
 * assert.ok(!isPlainPath("/srv/../etc"));
 * ```
 */
export function isPlainPath(text: string): boolean {
  if (text === "/") return true;
  // deno-lint-ignore no-control-regex
  if (!text.startsWith("/") || /[\x00-\x1f\x7f]/.test(text)) return false;
  return text.slice(1).split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

/**
 * Whether a grant on `parent` reaches `child`: the same path, or one below it. Segments are compared,
 * not letters: `/srv/a` does not reach `/srv/ab`. Links are not looked at. A path that is not plain
 * is reached by itself only.
 *
 * @example
 * ```ts
 * import { pathCovers } from "./path.ts";
 * import assert from "node:assert/strict";
 *
 * assert.ok(pathCovers("/srv/a", "/srv/a/b"));
 * assert.ok(!pathCovers("/srv/a", "/srv/ab"));
 * ```
 */
export function pathCovers(parent: string, child: string): boolean {
  if (parent === child) return true;
  if (!isPlainPath(parent) || !isPlainPath(child)) return false;
  return parent === "/" || child.startsWith(`${parent}/`);
}
