/**
 * An absolute path without `.`, `..` and doubled slashes, from one that is relative to a folder.
 * Links are not looked at.
 *
 * @example
 * ```ts
 * import { resolvePath } from "./resolve_path.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(resolvePath("/srv/a", "../b//c/"), "/srv/b/c");
 * assert.equal(resolvePath("/srv", "/etc"), "/etc");
 * ```
 */
export function resolvePath(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${folder}/${path}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}
