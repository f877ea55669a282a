import { FailedError } from "../../engine/errors.ts";
import { type KnownFile, lookAtFile } from "./known_files.ts";

/**
 * The interpreter at the first of the paths that is there, behind links.
 *
 * @throws FailedError where none is
 */
export async function findInterpreter(
  paths: readonly string[],
  known: KnownFile | undefined,
  signal: AbortSignal,
): Promise<KnownFile> {
  for (const path of paths) {
    try {
      return await lookAtFile(path, known, signal);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  throw new FailedError(`there is no Python at ${paths.join(", ")}`, {
    hint: "install python3, or name the file of another interpreter",
  });
}
