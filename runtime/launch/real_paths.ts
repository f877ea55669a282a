import { mapGrants } from "../../engine/permissions/grants.ts";
import { isPlainPath } from "../../engine/permissions/path.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";

/**
 * A set with the paths of files and sockets as they are behind links, as far as they exist, those of
 * boxes too. Paths that are not plain (a `${tmp}` in a ceiling) and programs stay as they are spelled.
 */
export function realPaths(set: Permissions): Permissions {
  return mapGrants(set, (entries, kind) => {
    if (kind === "env" || kind === "sys") return entries;
    return entries.map((entry) =>
      entry.startsWith("unix:") ? `unix:${realPath(entry.slice(5))}` : realPath(entry)
    );
  }, (grants) =>
    grants.map((grant) => {
      if (grant.box === undefined) return grant;
      const { read, write } = grant.box;
      return {
        ...grant,
        box: { ...grant.box, read: read.map(realPath), write: write.map(realPath) },
      };
    }));
}

/** The real path of a file, or of the nearest folder above it that exists, with the rest as it is. */
export function realPath(path: string): string {
  if (!isPlainPath(path)) return path;
  for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1)) {
    try {
      const real = Deno.realPathSync(path.slice(0, end));
      return real === "/" ? path.slice(end) || "/" : real + path.slice(end);
    } catch {
      // Not there yet, or not ours to see: look one folder higher.
    }
  }
  return path;
}
