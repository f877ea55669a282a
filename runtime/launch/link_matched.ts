/**
 * The first link among what a pattern leaves open of a path: its segments from the first `*` on. What
 * stands before it was spelled out by who declared the pattern, links and all. `undefined` where none
 * of them is one, or nothing is left open.
 *
 * Whoever may write those folders can still put a link there between this look and the start: a
 * program can only be started by its path.
 *
 * @throws Deno.errors.NotFound when something on the way is not there
 */
export function linkMatched(pattern: string, path: string): string | undefined {
  const open = pattern.split("/").indexOf("*");
  if (open === -1) return undefined;
  const segments = path.split("/");
  for (let end = open + 1; end <= segments.length; end++) {
    const part = segments.slice(0, end).join("/");
    if (Deno.lstatSync(part).isSymlink) return part;
  }
}
