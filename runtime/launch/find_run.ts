import { InvalidInputError } from "../../engine/errors.ts";

/** The ids of all runs of a folder, oldest first; none where the folder does not exist. */
export async function runIds(runs: string): Promise<readonly string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(runs));
    return entries.filter((entry) => entry.isDirectory).map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    if (error instanceof Deno.errors.NotADirectory) {
      throw new InvalidInputError(`${JSON.stringify(runs)} is not a folder`);
    }
    if (error instanceof Deno.errors.NotCapable || !(error instanceof Error)) throw error;
    throw new InvalidInputError(`the runs cannot be listed: ${error.message}`, {
      hint: "is --runs right?",
      cause: error,
    });
  }
}

export interface RunFolder {
  readonly id: string;
  /** Absolute. */
  readonly folder: string;
}

/**
 * The run with an id, or the only one whose id holds a text.
 *
 * @param runs absolute path of the folder of the runs
 * @throws InvalidInputError when there is none, or more than one
 */
export async function findRun(runs: string, text: string): Promise<RunFolder> {
  const ids = await runIds(runs);
  const found = ids.includes(text) ? [text] : ids.filter((id) => text !== "" && id.includes(text));
  const shown = JSON.stringify(text);
  if (found.length === 0) {
    throw new InvalidInputError(`there is no run ${shown} in ${runs}`, {
      hint: ids.length === 0
        ? "the folder holds no runs: is --runs right?"
        : "sluice runs lists what there is",
    });
  }
  if (found.length > 1) {
    throw new InvalidInputError(`${found.length} runs have ${shown} in their ids`, {
      hint: `name one of ${found.slice(-5).join(", ")}`,
    });
  }
  const id = found[0]!;
  return { id, folder: runs.endsWith("/") ? runs + id : `${runs}/${id}` };
}
