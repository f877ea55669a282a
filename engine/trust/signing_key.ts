import { Buffer } from "node:buffer";
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { InvalidInputError } from "../errors.ts";
import { cosignKeyLabels, openCosignKey } from "./cosign_key.ts";
import { derContent, derTag, readDer, readDerSequence } from "./der.ts";
import { objectIds } from "./object_ids.ts";
import { readPem } from "./pem.ts";
import { importPublicKey, type PublicKey } from "./public_key.ts";

/** A private key for ECDSA with P-256, or for Ed25519. */
export type SigningKey =
  & {
    /** Id of its public half: SHA-256 of the SPKI in DER, in hex. */
    readonly key_id: string;
    readonly public_key: PublicKey;
  }
  & (
    | {
      readonly kind: "ecdsa-p256";
      /** The secret number, 32 bytes. */
      readonly scalar: Uint8Array;
    }
    | {
      readonly kind: "ed25519";
      readonly private_key: KeyObject;
    }
  );

/** SPKI of a P-256 key up to its uncompressed point. */
const spkiPrefix = "3059301306072a8648ce3d020106082a8648ce3d030107034200";

/**
 * Reads a signing key: PKCS#8 in PEM (`PRIVATE KEY`) or the encrypted `cosign.key` that
 * `cosign generate-key-pair` and `cosign import-key-pair` write.
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
  const { algorithm, curve, content } = readPkcs8(pkcs8);
  if (algorithm === objectIds.ed25519) return ed25519Key(pkcs8, content);
  if (algorithm === objectIds.ecPublicKey && curve === objectIds.p256) {
    return await p256Key(content);
  }
  throw new InvalidInputError("the signing key is not one of ECDSA with P-256 or of Ed25519", {
    hint: "make one with cosign generate-key-pair, openssl genpkey -algorithm ed25519, or " +
      "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256",
  });
}

/** The seed of RFC 8410 is an OCTET STRING of 32 bytes. */
function ed25519Key(pkcs8: Uint8Array, content: Uint8Array): SigningKey {
  const [seed, ...more] = readDer(content);
  if (derContent(seed, derTag.octetString).length !== 32 || more.length > 0) {
    throw new InvalidInputError("the signing key is not a valid Ed25519 key");
  }
  const private_key = createPrivateKey({ key: Buffer.from(pkcs8), format: "der", type: "pkcs8" });
  const spki = createPublicKey(private_key).export({ format: "der", type: "spki" });
  const public_key = importPublicKey(new Uint8Array(spki));
  return { kind: "ed25519", key_id: public_key.key_id, public_key, private_key };
}

/** ECPrivateKey (RFC 5915). */
async function p256Key(content: Uint8Array): Promise<SigningKey> {
  const [, secret] = readDerSequence(content);
  const scalar = derContent(secret, derTag.octetString);
  const { p256: curve } = await import("@noble/curves/nist");
  if (!curve.utils.isValidSecretKey(scalar)) {
    throw new InvalidInputError("the signing key is not a valid P-256 key");
  }
  const prefix = Uint8Array.fromHex(spkiPrefix);
  const spki = new Uint8Array(prefix.length + 65);
  spki.set(prefix);
  spki.set(curve.getPublicKey(scalar, false), prefix.length);
  const public_key = await importPublicKey(spki);
  return { kind: "ecdsa-p256", key_id: public_key.key_id, public_key, scalar };
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

interface PrivateKeyInfo {
  /** Object identifiers, in hex; a curve for keys of elliptic curves. */
  readonly algorithm: string;
  readonly curve: string | undefined;
  readonly content: Uint8Array;
}

/** PKCS#8 (RFC 5208). */
function readPkcs8(pkcs8: Uint8Array): PrivateKeyInfo {
  const [version, algorithm, key] = readDerSequence(pkcs8);
  const [id, curve] = readDer(derContent(algorithm, derTag.sequence));
  if (derContent(version, derTag.integer).toHex() !== "00") {
    throw new InvalidInputError("the signing key is PKCS#8 of another version than 0", {
      hint: "convert it with openssl pkcs8 -topk8 -nocrypt",
    });
  }
  return {
    algorithm: derContent(id, derTag.objectId).toHex(),
    curve: curve?.content.toHex(),
    content: derContent(key, derTag.octetString),
  };
}
