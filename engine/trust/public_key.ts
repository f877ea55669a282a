import { Buffer } from "node:buffer";
import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { InvalidInputError } from "../errors.ts";
import { parsePem, type PemBlock } from "./pem.ts";

/** The kinds of key whose signatures are verified; the curve decides the hash. */
export type KeyAlgorithm = "ecdsa-p256" | "ecdsa-p384" | "ecdsa-p521" | "rsa" | "ed25519";

/** A public key that may vouch for something. */
export interface PublicKey {
  /** Where it came from, for people: usually a file name. */
  readonly name: string;
  /** SHA-256 of the key's SubjectPublicKeyInfo in DER, hex: the same for every spelling. */
  readonly key_id: string;
  readonly algorithm: KeyAlgorithm;
  readonly key: KeyObject;
}

const curves: Readonly<Record<string, KeyAlgorithm>> = {
  prime256v1: "ecdsa-p256",
  secp384r1: "ecdsa-p384",
  secp521r1: "ecdsa-p521",
};

/** Bits. Shorter RSA keys are within reach of an attacker; longer ones only cost time. */
const rsaBits = { least: 2048, most: 16384 };

/**
 * Reads one public key in PEM (`-----BEGIN PUBLIC KEY-----`, a SubjectPublicKeyInfo), as
 * `cosign.pub` is: ECDSA over P-256, P-384 or P-521, RSA from 2048 bits, or Ed25519.
 *
 * @throws {InvalidInputError} naming `name` and the reason, for anything else.
 *
 * @example
 * ```ts
 * import { parsePublicKey } from "./public_key.ts";
 * import { generateKeyPairSync } from "node:crypto";
 * import assert from "node:assert/strict";
 *
 * const { publicKey } = generateKeyPairSync("ed25519");
 * const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
 * assert.equal(parsePublicKey(pem, "release.pub").algorithm, "ed25519");
 * ```
 */
export function parsePublicKey(pem: string, name: string): PublicKey {
  const refuse = (reason: string, hint: string) =>
    new InvalidInputError(`${name} is not a public key that can be trusted: ${reason}`, { hint });
  const { bytes } = onlyBlock(pem, refuse);
  let key: KeyObject;
  let exported: Buffer;
  try {
    key = createPublicKey({ key: Buffer.from(bytes), format: "der", type: "spki" });
    exported = key.export({ type: "spki", format: "der" });
  } catch {
    throw refuse("its content is damaged or of an unknown kind", supported);
  }
  const algorithm = algorithmOf(key);
  if ("reason" in algorithm) throw refuse(algorithm.reason, supported);
  // The identity is a hash of the bytes, so a key may have one spelling only.
  if (!exported.equals(bytes)) {
    throw refuse(
      "it is not in the canonical DER form",
      `write it again with openssl pkey -pubin -in ${name} -pubout -ec_conv_form uncompressed`,
    );
  }
  const key_id = createHash("sha256").update(exported).digest("hex");
  return { name, key_id, algorithm: algorithm.algorithm, key };
}

const supported = "use a key of ECDSA P-256, P-384 or P-521, RSA of 2048 bits or more, or Ed25519";

type Refuse = (reason: string, hint: string) => InvalidInputError;

function onlyBlock(pem: string, refuse: Refuse): PemBlock {
  const blocks = parsePem(pem);
  if (blocks === undefined) throw refuse("its PEM is damaged", "copy the file again, whole");
  const [first, ...more] = blocks;
  if (first === undefined) {
    const ssh = /^(ssh-|ecdsa-sha2-)/.test(pem.trimStart());
    throw refuse(
      ssh ? "it is in the format of OpenSSH" : "it holds no PEM block",
      "a PEM file that begins with -----BEGIN PUBLIC KEY----- is wanted, such as cosign.pub",
    );
  }
  if (more.length > 0) {
    throw refuse(`it holds ${blocks.length} PEM blocks`, "put every key into a file of its own");
  }
  if (first.label.endsWith("PRIVATE KEY")) {
    throw refuse("it is a private key", "remove it from there and put its public key in its place");
  }
  if (first.label !== "PUBLIC KEY") {
    throw refuse(
      `it is a PEM block of kind ${first.label}`,
      first.label === "CERTIFICATE"
        ? "extract its key with openssl x509 -pubkey -noout"
        : "a block of kind PUBLIC KEY is wanted; openssl pkey -pubin -pubout writes one",
    );
  }
  return first;
}

function algorithmOf(
  key: KeyObject,
): { readonly algorithm: KeyAlgorithm } | { readonly reason: string } {
  const details = key.asymmetricKeyDetails;
  switch (key.asymmetricKeyType) {
    case "ec": {
      const curve = details?.namedCurve ?? "an unnamed curve";
      const algorithm = Object.hasOwn(curves, curve) ? curves[curve] : undefined;
      return algorithm === undefined ? { reason: `its curve is ${curve}` } : { algorithm };
    }
    case "rsa": {
      const bits = details?.modulusLength ?? 0;
      if (bits < rsaBits.least || bits > rsaBits.most) {
        return { reason: `it is an RSA key of ${bits} bits` };
      }
      // With the exponent 1 every message would be its own signature.
      const exponent = details?.publicExponent ?? 0n;
      if (exponent < 3n || exponent % 2n === 0n) {
        return { reason: `its RSA exponent is ${exponent}` };
      }
      return { algorithm: "rsa" };
    }
    case "ed25519":
      return { algorithm: "ed25519" };
    default:
      return { reason: `it is a key of kind ${key.asymmetricKeyType}` };
  }
}
