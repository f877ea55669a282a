import { RefusedError } from "../../engine/errors.ts";
import type { ForeignSets } from "../../engine/permissions/foreign_sets.ts";
import { pathCovers } from "../../engine/permissions/path.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import { realPath } from "./real_paths.ts";

/** Links that are followed on one way, as the system does. */
const mostLinks = 40;

/**
 * Keeps where the paths of steps of others led when they were admitted, so that one step cannot give
 * another what nobody granted: by a link in the place of a folder, where it may write. What steps of
 * the registry do is no such thing: they may point `current` elsewhere.
 *
 * Between this look and the start of a process a step that runs beside it can still swap.
 *
 * @returns refuses a set in which a path leads elsewhere now, by a link that such a step may have made
 */
export function watchPaths(steps: ForeignSets): (set: Permissions) => void {
  const sets = Object.values(steps).flatMap(({ run, undo }) => [run, undo]);
  const written = sets.flatMap(({ write, run }) => [
    ...write,
    ...run.flatMap(({ box }) => box?.write ?? []),
  ]).map(realPath);
  const before = new Map(sets.flatMap(pathsOf).map((path) => [path, realPath(path)]));
  return (set) => {
    for (const path of pathsOf(set)) {
      const led = before.get(path);
      const leads = realPath(path);
      if (leads === led) continue;
      const link = linksOn(path).find((link) => written.some((folder) => pathCovers(folder, link)));
      if (link === undefined) continue;
      throw new RefusedError(
        `${path} leads to ${leads}, and led to ${led} when this was admitted: ` +
          `a step of others may have made the link ${link}`,
        { hint: "let no step write the folder that another one is granted a part of" },
      );
    }
  };
}

function pathsOf({ read, write }: Permissions): readonly string[] {
  return [...read, ...write];
}

/** The links on the way of a path, each where it really lies. */
function linksOn(path: string): readonly string[] {
  const links: string[] = [];
  const left = path.split("/").filter((part) => part !== "");
  let at = "";
  while (left.length > 0 && links.length < mostLinks) {
    const name = left.shift()!;
    if (name === "..") at = at.slice(0, Math.max(at.lastIndexOf("/"), 0));
    if (name === ".." || name === "." || name === "") continue;
    const next = `${at}/${name}`;
    const target = targetOf(next);
    if (target === undefined) {
      at = next;
      continue;
    }
    links.push(next);
    if (target.startsWith("/")) at = "";
    left.unshift(...target.split("/"));
  }
  return links;
}

function targetOf(path: string): string | undefined {
  try {
    return Deno.readLinkSync(path);
  } catch {
    return undefined; // No link, or nothing at all.
  }
}
