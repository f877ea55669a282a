import { ecdsaToDer } from "./ecdsa_signature.ts";
import type { SigningKey } from "./signing_key.ts";

/**
 * Signs exactly these bytes: ECDSA with P-256 over SHA-256, in DER, in base64 without a line end,
 * which is what `cosign sign-blob` writes. The nonce comes from the key and the bytes (RFC 6979): the
 * same bytes have the same signature, and no weak source of randomness can give the key away.
 */
export async function signDetached(bytes: Uint8Array, key: SigningKey): Promise<string> {
  const { p256 } = await import("@noble/curves/nist");
  // As OpenSSL and cosign have it, `s` is not brought below half of the order.
  return ecdsaToDer(p256.sign(bytes, key.scalar, { lowS: false, format: "compact" })).toBase64();
}
