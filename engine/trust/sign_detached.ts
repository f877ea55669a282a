import { sign } from "node:crypto";
import { ecdsaToDer } from "./ecdsa_signature.ts";
import type { SigningKey } from "./signing_key.ts";

/**
 * Signs exactly these bytes: ECDSA with P-256 over SHA-256, in DER, or Ed25519. The nonce of ECDSA
 * comes from the key and the bytes (RFC 6979): the same bytes have the same signature, and no weak
 * source of randomness can give the key away.
 */
export async function signBytes(
  bytes: Uint8Array,
  key: SigningKey,
): Promise<Uint8Array<ArrayBuffer>> {
  if (key.kind === "ed25519") return new Uint8Array(sign(null, bytes, key.private_key));
  const { p256 } = await import("@noble/curves/nist");
  // As OpenSSL and cosign have it, `s` is not brought below half of the order.
  const raw = p256.sign(bytes, key.scalar, { lowS: false, format: "compact" });
  return new Uint8Array(ecdsaToDer(raw));
}

/** The same in base64 without a line end, which is what `cosign sign-blob` writes. */
export async function signDetached(bytes: Uint8Array, key: SigningKey): Promise<string> {
  return (await signBytes(bytes, key)).toBase64();
}
