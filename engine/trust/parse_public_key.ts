import { InvalidInputError } from "../errors.ts";
import { readPublicKey } from "./public_key.ts";
import type { TrustedKey } from "./trusted_key.ts";

export type { TrustedKey };

/**
 * Reads a public key in PEM that has a name, which errors repeat.
 *
 * @param name where it came from: usually a file
 * @throws InvalidInputError naming the key and the reason it cannot be used
 */
export function parsePublicKey(pem: string, name: string): TrustedKey {
  try {
    return { ...readPublicKey(pem), name };
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new InvalidInputError(`the public key ${name} cannot be used: ${error.message}`, {
      cause: error,
      hint: error.hint ?? "replace it by a public key in PEM, such as cosign.pub",
    });
  }
}
