import { InvalidInputError } from "../../engine/errors.ts";
import { type KnownFile, lookAtFile } from "./known_files.ts";

/** One file that can be installed from. */
export interface Wheel extends KnownFile {
  readonly name: string;
}

/**
 * What lies in a wheelhouse: wheels and source archives of its folder itself, by name.
 *
 * @param known those of the last environment, which need not be read again
 * @throws InvalidInputError where there is no such folder
 */
export async function readWheelhouse(
  folder: string,
  known: readonly Wheel[],
  signal: AbortSignal,
): Promise<readonly Wheel[]> {
  const before = new Map(known.map((wheel) => [wheel.name, wheel]));
  const names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (!isDirectory && /\.(whl|zip|tar\.gz)$/.test(name)) names.push(name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new InvalidInputError(`there is no wheelhouse ${folder}`, { cause: error });
  }
  const wheels: Wheel[] = [];
  for (const name of names.sort()) {
    wheels.push({ name, ...await lookAtFile(`${folder}/${name}`, before.get(name), signal) });
  }
  return wheels;
}
