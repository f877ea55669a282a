import { InvalidInputError } from "../../engine/errors.ts";
import { lockFile } from "../../engine/permissions/lock/lock_file.ts";
import type { LaunchPlaces } from "./places.ts";

/** The text of the lock: read once, so that what is verified, asked about and admitted by is one. */
export interface LockText {
  /** `undefined` where there is no lock. */
  find(): Promise<string | undefined>;
  /** @throws InvalidInputError where there is no lock */
  need(): Promise<string>;
}

/** The lock of the project. It is read when it is first asked for. */
export function lockTextOf({ project }: LaunchPlaces): LockText {
  const path = `${project}/${lockFile}`;
  let reading: Promise<string | undefined> | undefined;
  const find = () => reading ??= read(path);
  return {
    find,
    async need() {
      const text = await find();
      if (text !== undefined) return text;
      throw new InvalidInputError(`${path} is missing`, {
        hint: "sluice lock writes it from pipelines/surfaces.yaml",
      });
    },
  };
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
