import { FailedError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import { type Chain, openChain } from "./chain.ts";

/**
 * Puts a new chain in the place of one that has grown too long, which is kept aside. At any moment
 * there is a whole chain at `path`, on the disk as well: the old one, then the new one.
 *
 * Needs read and write of `path`, of `path` with `.next` after it and of `aside`, and read of their
 * folder. The old chain stays open, and locked, for whoever opened it just before; nothing may be
 * appended to it any more.
 *
 * @param first the first line of the new one
 * @param aside path under which the old one is kept; what lies there is replaced
 * @returns the new chain, locked
 * @throws FailedError when it cannot be made: the old chain is where it was, alone, and may be gone on
 * with
 */
export async function beginAnew(path: string, first: JsonObject, aside: string): Promise<Chain> {
  const next = `${path}.next`;
  let chain: Chain | undefined;
  try {
    await removeIfThere(next);
    chain = await openChain(next, { name: path });
    await chain.append(first, { sync: true });
    // Copied, since not every file system has a second name for a file; to a file of its own: what lies
    // there may be a pipe, or another name of a file of others.
    await removeIfThere(aside);
    await Deno.writeFile(aside, await Deno.readFile(path), { createNew: true });
    await sync(aside);
    await Deno.rename(next, path);
  } catch (error) {
    await chain?.close();
    // On a full disk what is left of them would be in the way of the old chain.
    for (const left of [next, aside]) await Deno.remove(left).catch(() => {});
    throw fault(path, error);
  }
  try {
    await sync(path.replace(/[^/]*$/, ""));
  } catch (error) {
    // Which of the two a power cut would leave nobody knows: what is written now may be lost.
    chain.fail(fault(path, error));
  }
  return chain;
}

async function removeIfThere(path: string): Promise<void> {
  await Deno.remove(path).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}

/** Of a file or a folder. */
async function sync(path: string): Promise<void> {
  using file = await Deno.open(path);
  await file.sync();
}

function fault(path: string, error: unknown): FailedError {
  const text = error instanceof Error ? error.message : String(error);
  return new FailedError(`${path} could not be begun anew: ${text}`, { cause: error });
}
