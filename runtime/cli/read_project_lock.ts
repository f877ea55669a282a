import { InvalidInputError } from "../../engine/errors.ts";
import { lockFile, readWrittenLock } from "../../engine/permissions/lock/read_lock.ts";
import type { WrittenLock } from "../../engine/permissions/lock/written_lock.ts";

/**
 * The lock of the project.
 *
 * @throws InvalidInputError when it is missing, or not as it has to be
 */
export async function readProjectLock(project: string): Promise<WrittenLock> {
  const text = await readLockText(project);
  if (text !== undefined) return readWrittenLock(text);
  throw new InvalidInputError(`${project}/${lockFile} is missing`, {
    hint: "sluice lock writes it from pipelines/surfaces.yaml",
  });
}

/** Its text; `undefined` where there is none. */
export async function readLockText(project: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(`${project}/${lockFile}`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
