import { InvalidInputError } from "../errors.ts";
import { cosignKeyLabels, openCosignKey } from "./cosign_key.ts";
import { derContent, derTag, readDer, readDerSequence } from "./der.ts";
import { objectIds } from "./object_ids.ts";
import { readPem } from "./pem.ts";
import { importPublicKey, type PublicKey } from "./public_key.ts";

/** A private key for ECDSA with P-256. */
export interface SigningKey {
  /** Id of its public half: SHA-256 of the SPKI in DER, in hex. */
  readonly key_id: string;
  readonly public_key: PublicKey;
  /** The secret number, 32 bytes. */
  readonly scalar: Uint8Array;
}

/** SPKI of a P-256 key up to its uncompressed point. */
const spkiPrefix = "3059301306072a8648ce3d020106082a8648ce3d030107034200";

/**
 * Reads a signing key: PKCS#8 in PEM (`PRIVATE KEY`) or the encrypted `cosign.key` that
 * `cosign generate-key-pair` writes.
 *
 * @param password asked for only when the key is encrypted
 * @throws InvalidInputError when it is another kind of key; the message never repeats the text
 * @throws NotAuthorisedError when the password is wrong
 */
export async function readSigningKey(
  pem: string,
  password: () => Promise<string>,
): Promise<SigningKey> {
  const { label, bytes } = readPrivatePem(pem);
  const pkcs8 = cosignKeyLabels.includes(label)
    ? await openCosignKey(bytes, await password())
    : bytes;
  const scalar = readScalar(pkcs8);
  const { p256: curve } = await import("@noble/curves/nist");
  if (!curve.utils.isValidSecretKey(scalar)) {
    throw new InvalidInputError("the signing key is not a valid P-256 key");
  }
  const prefix = Uint8Array.fromHex(spkiPrefix);
  const spki = new Uint8Array(prefix.length + 65);
  spki.set(prefix);
  spki.set(curve.getPublicKey(scalar, false), prefix.length);
  const public_key = await importPublicKey(spki);
  return { key_id: public_key.key_id, public_key, scalar };
}

function readPrivatePem(text: string): { label: string; bytes: Uint8Array } {
  const hint = "make one with cosign generate-key-pair, or convert yours with " +
    "openssl pkcs8 -topk8 -nocrypt";
  let pem;
  try {
    pem = readPem(text);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new InvalidInputError(`the signing key cannot be read: ${error.message}`, { hint });
  }
  if (pem.label !== "PRIVATE KEY" && !cosignKeyLabels.includes(pem.label)) {
    throw new InvalidInputError(`the signing key is a ${pem.label}, not a PRIVATE KEY (PKCS#8)`, {
      hint,
    });
  }
  return pem;
}

/** PKCS#8 (RFC 5208) around ECPrivateKey (RFC 5915). */
function readScalar(pkcs8: Uint8Array): Uint8Array {
  const [version, algorithm, key] = readDerSequence(pkcs8);
  const [id, curve] = readDer(derContent(algorithm, derTag.sequence));
  if (
    derContent(version, derTag.integer).toHex() !== "00" ||
    derContent(id, derTag.objectId).toHex() !== objectIds.ecPublicKey ||
    curve?.content.toHex() !== objectIds.p256
  ) {
    throw new InvalidInputError("the signing key is not one for ECDSA with P-256", {
      hint: "make one with cosign generate-key-pair, or openssl genpkey -algorithm EC " +
        "-pkeyopt ec_paramgen_curve:P-256",
    });
  }
  const [, scalar] = readDerSequence(derContent(key, derTag.octetString));
  return derContent(scalar, derTag.octetString);
}
