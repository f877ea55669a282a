import { InvalidInputError } from "../errors.ts";
import { decodeBase64 } from "./base64.ts";
import { verifySignature } from "./public_key.ts";
import { readSignature } from "./read_signature.ts";
import type { TrustedKey } from "./trusted_key.ts";

/**
 * The first of the keys that made the signature in the text of a signature file, over exactly these
 * bytes; undefined where none did, or the text holds no signature.
 *
 * @param signature bare base64 with white space around it, or a Sigstore or cosign bundle; see
 * {@linkcode readSignature}
 */
export function verifyDetached(
  bytes: Uint8Array,
  signature: string,
  keys: readonly TrustedKey[],
): { readonly key_id: string; readonly name: string } | undefined {
  const decoded = decodeSignature(signature);
  if (decoded === undefined) return undefined;
  const key = keys.find((key) => verifySignature(key, bytes, decoded));
  return key === undefined ? undefined : { key_id: key.key_id, name: key.name };
}

function decodeSignature(text: string): Uint8Array | undefined {
  try {
    return decodeBase64(readSignature(text));
  } catch (error) {
    if (error instanceof InvalidInputError) return undefined;
    throw error;
  }
}
