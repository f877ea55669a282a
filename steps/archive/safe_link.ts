import { nameFault } from "./safe_name.ts";

/**
 * Why a symbolic link must not be made, or `undefined` where it may. A link may lead to a place in the
 * same tree, without passing through another link (where it leads would depend on that one), or to an
 * absolute place under `/usr`. `..` stands only at the beginning of a target, so that the way it goes
 * can be read off it.
 *
 * @param path of the link, relative to the tree's top, with a safe name
 * @param links every link of the tree, by path
 */
export function linkFault(
  path: string,
  target: string,
  links: ReadonlyMap<string, string>,
): string | undefined {
  if (target.startsWith("/")) {
    if (!target.startsWith("/usr/")) return "it leads to an absolute place outside of /usr";
    const fault = nameFault(target.slice(1));
    return fault === undefined ? undefined : `of its target, ${fault}`;
  }
  const end = resolveTarget(path, target);
  if ("fault" in end) return end.fault;
  const segments = end.path.split("/");
  for (let length = 1; length < segments.length; length++) {
    const folder = segments.slice(0, length).join("/");
    if (links.has(folder)) return `it leads through the link ${folder}`;
  }
  return isCycle(path, links) ? "it leads back to itself" : undefined;
}

/** Where a relative target leads, by its text. */
function resolveTarget(path: string, target: string): { path: string } | { fault: string } {
  const up = /^(?:\.\.\/)*/.exec(target)![0].length / 3;
  const down = target.slice(up * 3);
  const fault = nameFault(down);
  if (fault !== undefined) {
    const hint = /^\.{0,2}$/.test(down) ? "has to end with a name" : fault;
    return { fault: `its target ${hint}` };
  }
  const folders = path.split("/").slice(0, -1);
  if (up > folders.length) return { fault: "it leaves the tree" };
  return { path: [...folders.slice(0, folders.length - up), down].join("/") };
}

/** Whether following a link, and the links it leads to, comes back to a link passed before. */
function isCycle(path: string, links: ReadonlyMap<string, string>): boolean {
  const seen = new Set<string>();
  for (let at = path;;) {
    if (seen.has(at)) return true;
    seen.add(at);
    const target = links.get(at);
    if (target === undefined || target.startsWith("/")) return false;
    const end = resolveTarget(at, target);
    if ("fault" in end) return false;
    at = end.path;
  }
}
