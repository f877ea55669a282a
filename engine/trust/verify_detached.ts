import { decodeBase64 } from "./base64.ts";
import { verifySignature } from "./public_key.ts";
import type { TrustedKey } from "./trusted_key.ts";

/**
 * The first of the keys that made a detached signature over exactly these bytes, or `undefined` where
 * none did (which a damaged signature means too).
 *
 * @param signature base64, as `cosign sign-blob` writes it and {@linkcode readSignature} gives it out
 */
export async function verifyDetached(
  bytes: Uint8Array<ArrayBuffer>,
  signature: string,
  keys: readonly TrustedKey[],
): Promise<{ readonly key_id: string; readonly name: string } | undefined> {
  const decoded = decodeBase64(signature);
  if (decoded === undefined) return undefined;
  for (const key of keys) {
    if (await verifySignature(key, bytes, decoded)) return { key_id: key.key_id, name: key.name };
  }
  return undefined;
}
