import { FailedError } from "../../engine/errors.ts";
import type { ProgramGrant } from "../../engine/permissions/permissions.ts";
import type { StepContext } from "../../engine/step.ts";
import { forEachParallel } from "./for_each_parallel.ts";

/** Most links that one start of `ln` makes: their targets have to fit on a command line. */
const mostInBatch = 200;

/** The grant for {@linkcode makeLinks} below a folder. */
export function linkGrant(folder: string): ProgramGrant {
  return { program: "ln", args: ["-s", "-t", `${folder}/*`, "--", "**"], env: [] };
}

/**
 * Makes symbolic links through the program `ln`: making one by itself would need the whole disk. `ln`
 * names a link after its target, so it makes them in folders aside, many at once, and they are renamed
 * to where they belong.
 *
 * @param folder where they belong; it exists, with the folders of all links
 * @param aside a folder beside it, on the same file system, that is made and removed
 * @param links targets by path, relative to `folder`; no target ends with `.`, `..` or `/`
 */
export async function makeLinks(
  folder: string,
  aside: string,
  links: ReadonlyMap<string, string>,
  ctx: Pick<StepContext, "exec" | "signal">,
): Promise<void> {
  if (links.size === 0) return;
  await Deno.mkdir(aside, { mode: 0o700 });
  await forEachParallel(4, batches(links).entries(), async ([index, batch]) => {
    ctx.signal.throwIfAborted();
    const own = `${aside}/${index}`;
    await Deno.mkdir(own);
    const targets = batch.map(([, target]) => target);
    const made = await ctx.exec({ program: "ln", args: ["-s", "-t", own, "--", ...targets] });
    if (made.code !== 0) throw new FailedError(`cannot make links: ${made.stderr.trim()}`);
    for (const [path, target] of batch) {
      await Deno.rename(`${own}/${lastSegment(target)}`, `${folder}/${path}`);
    }
  });
  await Deno.remove(aside, { recursive: true });
}

type Link = readonly [path: string, target: string];

/** Groups in which no two targets have the same last segment. */
function batches(links: ReadonlyMap<string, string>): readonly (readonly Link[])[] {
  const groups: Link[][] = [];
  /** By last segment, the first group that may take it. */
  const next = new Map<string, number>();
  for (const link of links) {
    const name = lastSegment(link[1]);
    let at = next.get(name) ?? 0;
    while (groups[at] !== undefined && groups[at]!.length >= mostInBatch) at++;
    groups[at] ??= [];
    groups[at]!.push(link);
    next.set(name, at + 1);
  }
  return groups;
}

function lastSegment(target: string): string {
  return target.slice(target.lastIndexOf("/") + 1);
}
