import { Buffer } from "node:buffer";
import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import { InvalidInputError } from "../errors.ts";
import { readDerSequence } from "./der.ts";
import { ecdsaFromDer } from "./ecdsa_signature.ts";
import { readPem } from "./pem.ts";

/** The kinds of key that may be trusted; the kind decides the hash. */
export type KeyKind = "ecdsa-p256" | "ecdsa-p384" | "ecdsa-p521" | "rsa-pkcs1" | "ed25519";

export interface PublicKey {
  /** SHA-256 of the SubjectPublicKeyInfo (SPKI) in DER, in hex. */
  readonly key_id: string;
  readonly kind: KeyKind;
  readonly key: KeyObject;
}

/** Hash, and bytes of each number of an ECDSA signature. */
const ecdsa = {
  "ecdsa-p256": { hash: "sha256", size: 32 },
  "ecdsa-p384": { hash: "sha384", size: 48 },
  "ecdsa-p521": { hash: "sha512", size: 66 },
} as const;

const curves = new Map<string | undefined, KeyKind>([
  ["prime256v1", "ecdsa-p256"],
  ["secp384r1", "ecdsa-p384"],
  ["secp521r1", "ecdsa-p521"],
]);

/** Bits. Shorter RSA keys are within reach of an attacker, longer ones only cost time. */
const rsaBits = { least: 2048, most: 16384 };

const hint = "use a key of ECDSA P-256, P-384 or P-521, of RSA from 2048 bits, or of Ed25519";

/**
 * Reads a public key in PEM (`-----BEGIN PUBLIC KEY-----`), as `cosign.pub` is: ECDSA with P-256,
 * P-384 or P-521, RSA from 2048 bits, or Ed25519.
 *
 * @throws InvalidInputError for anything else, with the reason
 *
 * @example
 * ```ts
 * import { readPublicKey } from "./public_key.ts";
 * import { generateKeyPairSync } from "node:crypto";
 * import assert from "node:assert/strict";
 *
 * const { publicKey } = generateKeyPairSync("ed25519");
 * const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
 * assert.equal(readPublicKey(pem).kind, "ed25519");
 * ```
 */
export function readPublicKey(pem: string): PublicKey {
  if (/^\s*(ssh-|ecdsa-sha2-)/.test(pem)) {
    throw new InvalidInputError("it holds no PEM block, but a key in the format of OpenSSH", {
      hint: "a file that begins with -----BEGIN PUBLIC KEY----- is wanted, such as cosign.pub",
    });
  }
  const { label, bytes } = readPem(pem);
  if (label.endsWith("PRIVATE KEY")) {
    throw new InvalidInputError("it is a private key", {
      hint: "take it away from there, and put its public half in its place",
    });
  }
  if (label !== "PUBLIC KEY") {
    throw new InvalidInputError(`it is a ${label}, not a PUBLIC KEY`, {
      hint: label === "CERTIFICATE" ? "take its key out with openssl x509 -pubkey -noout" : hint,
    });
  }
  return importPublicKey(bytes);
}

/**
 * Reads a public key in DER (SPKI).
 *
 * @throws InvalidInputError when it is damaged, of another kind, or not in the one spelling that its
 * id is the hash of
 */
export function importPublicKey(spki: Uint8Array): PublicKey {
  readDerSequence(spki);
  let key: KeyObject;
  let canonical: Buffer;
  try {
    key = createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
    canonical = key.export({ type: "spki", format: "der" });
  } catch {
    throw new InvalidInputError("its key is damaged, or of an unknown kind", { hint });
  }
  const kind = kindOf(key);
  if (!canonical.equals(spki)) {
    throw new InvalidInputError("its key is not in canonical DER", {
      hint: "write it again with openssl ec -pubin -pubout -conv_form uncompressed",
    });
  }
  return { key_id: createHash("sha256").update(canonical).digest("hex"), kind, key };
}

/**
 * Whether this key made the signature over exactly these bytes: ECDSA in strict DER with the hash of
 * its curve (SHA-256, SHA-384, SHA-512), RSA as PKCS#1 v1.5 with SHA-256, Ed25519 as it is. False for
 * a damaged signature too.
 */
export function verifySignature(
  { kind, key }: PublicKey,
  bytes: Uint8Array,
  signature: Uint8Array,
): boolean {
  switch (kind) {
    case "ecdsa-p256":
    case "ecdsa-p384":
    case "ecdsa-p521":
      return isEcdsaDer(signature, ecdsa[kind].size) &&
        verify(ecdsa[kind].hash, bytes, key, signature);
    case "rsa-pkcs1":
      return verify("sha256", bytes, key, signature);
    case "ed25519":
      return signature.length === 64 && verify(null, bytes, key, signature);
  }
}

function isEcdsaDer(signature: Uint8Array, size: number): boolean {
  try {
    ecdsaFromDer(signature, size);
    return true;
  } catch (error) {
    if (error instanceof InvalidInputError) return false;
    throw error;
  }
}

function kindOf(key: KeyObject): KeyKind {
  const { namedCurve, modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case "ec": {
      const kind = curves.get(namedCurve);
      if (kind === undefined) {
        throw new InvalidInputError(`it is a key of the curve ${namedCurve}`, { hint });
      }
      return kind;
    }
    case "rsa":
      if (modulusLength < rsaBits.least || modulusLength > rsaBits.most) {
        throw new InvalidInputError(`it is an RSA key of ${modulusLength} bits`, { hint });
      }
      // With the exponent 1 every message is its own signature.
      if (publicExponent < 3n || publicExponent % 2n === 0n) {
        throw new InvalidInputError(`it is an RSA key with the exponent ${publicExponent}`, {
          hint,
        });
      }
      return "rsa-pkcs1";
    case "ed25519":
      return "ed25519";
    default:
      throw new InvalidInputError(`it is a key of the kind ${key.asymmetricKeyType}`, { hint });
  }
}
