import { readLock } from "../../../engine/permissions/lock/read_lock.ts";

/**
 * The pipelines of a surface, as the lock has them: relative to the project; `undefined` where it has
 * no such surface.
 *
 * @param lock its text
 * @throws InvalidInputError when that is none
 */
export function pipelinesOf(lock: string, name: string): readonly string[] | undefined {
  const { surfaces } = readLock(lock);
  if (!Object.hasOwn(surfaces, name)) return undefined;
  const surface = surfaces[name]!;
  return surface.kind === "open" ? surface.pipelines : [surface.pipeline];
}
