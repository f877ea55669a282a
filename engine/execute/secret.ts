import { InvalidInputError } from "../errors.ts";
import type { SecretRef } from "../schema/types.ts";
import type { SecretSource } from "./host.ts";

/**
 * The value behind a reference, without the line end that editors leave at the end of a file.
 *
 * @throws InvalidInputError when the variable is not set, or there is no such file
 */
export async function readSecret(ref: SecretRef, source: SecretSource): Promise<string> {
  const at = ref.indexOf(":");
  const kind = ref.slice(0, at);
  const name = ref.slice(at + 1);
  if (kind === "env") {
    const value = source.env(name);
    if (value !== undefined) return value;
    throw new InvalidInputError(`the secret ${ref} is missing: the variable is not set`, {
      hint: `set ${name} where the run is started`,
    });
  }
  try {
    return (await source.file(name)).replace(/\r?\n$/, "");
  } catch (error) {
    const missing = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    if (!missing) throw error;
    throw new InvalidInputError(`the secret ${ref} is missing: there is no such file`, {
      cause: error,
    });
  }
}
