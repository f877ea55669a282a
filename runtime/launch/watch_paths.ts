import { RefusedError } from "../../engine/errors.ts";
import type { ForeignSets } from "../../engine/permissions/foreign_sets.ts";
import { pathCovers } from "../../engine/permissions/path.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import { realPath } from "./real_paths.ts";

/** Links that are followed on one way, as the system does. */
const mostLinks = 40;

/**
 * Refuses a step of others a path that leads through a link where one of them may write: it could give
 * another, the next run or a program of its own what nobody granted. So that a link which an earlier
 * run of the same steps made is found as well, where it led before does not count. What steps of the
 * registry do is no such thing: they may point `current` elsewhere.
 *
 * In no box a step may also replace the very path that it was granted to write, which may have been a
 * link of the user's: there that link counts when it leads elsewhere than when this was called.
 *
 * Between this look and the start of a process a step that runs beside it can still swap.
 *
 * @param boxed whether steps of others are in boxes
 * @returns refuses a set of the step with that id, what its programs' boxes hold included
 */
export function watchPaths(
  steps: ForeignSets,
  boxed: boolean,
): (id: string, set: Permissions) => void {
  const all = Object.entries(steps).flatMap(([id, { run, undo }]) =>
    [run, undo].map((set) => ({ id, set }))
  );
  const written = all.flatMap(({ id, set }) =>
    [...set.write, ...set.run.flatMap(({ box }) => box?.write ?? [])]
      .map((path) => ({ id, path, real: realPath(path) }))
  );
  const before = new Map(
    all.flatMap(({ set }) => pathsOf(set)).map((path) => [path, realPath(path)]),
  );
  return (id, set) => {
    for (const path of pathsOf(set)) {
      const leads = realPath(path);
      const swapped = !boxed && before.has(path) && before.get(path) !== leads;
      for (const link of linksOn(path)) {
        const writer = written.find((folder) =>
          [folder.real, realPath(folder.path)].some((real) => pathCovers(real, link)) ||
          swapped && pathCovers(folder.path, link)
        );
        if (writer === undefined) continue;
        throw new RefusedError(
          `${id} is granted ${path}, which leads to ${leads}: ${writer.id}, a step of others, may ` +
            `have made the link ${link}`,
          {
            hint: "grant what the link leads to, or let no step of others write where the link is",
          },
        );
      }
    }
  };
}

/**
 * Refuses steps of others whose paths lead through such links now, before anything starts.
 *
 * @throws RefusedError
 */
export function refuseLinked(steps: ForeignSets): void {
  const refuse = watchPaths(steps, true);
  for (const [id, { run, undo }] of Object.entries(steps)) {
    for (const set of [run, undo]) refuse(id, set);
  }
}

function pathsOf({ read, write, run }: Permissions): readonly string[] {
  return [...read, ...write, ...run.flatMap(({ box }) => box ? [...box.read, ...box.write] : [])];
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
