import { InvalidInputError } from "../errors.ts";
import { ecdsaFromDer } from "./ecdsa_signature.ts";
import { readPem } from "./pem.ts";

/** A public key that WebCrypto verifies with: no library, no `node:crypto`. */
export interface WebKey {
  /** SHA-256 of the SubjectPublicKeyInfo (SPKI) in DER, in hex: as everywhere in Sluice. */
  readonly key_id: string;
  readonly kind: "ecdsa-p256" | "ed25519";
  readonly key: CryptoKey;
}

/** The one DER spelling of a key's SPKI up to the point, and how long the whole is. */
const kinds = [
  {
    kind: "ecdsa-p256",
    // An uncompressed point follows: 04, x, y.
    prefix: "3059301306072a8648ce3d020106082a8648ce3d03010703420004",
    size: 91,
    algorithm: { name: "ECDSA", namedCurve: "P-256" },
  },
  {
    kind: "ed25519",
    prefix: "302a300506032b6570032100",
    size: 44,
    algorithm: { name: "Ed25519" },
  },
] as const;

/**
 * Reads a public key in PEM (`-----BEGIN PUBLIC KEY-----`) of Ed25519 or ECDSA with P-256, in the one
 * spelling that its id is the hash of.
 *
 * @throws InvalidInputError for anything else
 */
export async function readWebKey(pem: string): Promise<WebKey> {
  const { label, bytes } = readPem(pem);
  if (label.endsWith("PRIVATE KEY")) {
    throw new InvalidInputError("it is a private key", {
      hint: "take it away from there, and put its public half in its place",
    });
  }
  const hex = bytes.toHex();
  const found = kinds.find(({ prefix, size }) => bytes.length === size && hex.startsWith(prefix));
  if (label !== "PUBLIC KEY" || found === undefined) {
    throw new InvalidInputError("it is no public key of Ed25519 or ECDSA with P-256", {
      hint: "make one with openssl genpkey -algorithm ed25519, or cosign generate-key-pair",
    });
  }
  const key = await importKey(bytes, found);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return { key_id: digest.toHex(), kind: found.kind, key };
}

async function importKey(
  spki: Uint8Array<ArrayBuffer>,
  { kind, algorithm }: (typeof kinds)[number],
): Promise<CryptoKey> {
  try {
    const key = await crypto.subtle.importKey("spki", spki, algorithm, true, ["verify"]);
    // A point that is not on the curve comes to light only when the key is used.
    await verifyRaw(kind, key, new Uint8Array(64), new Uint8Array());
    return key;
  } catch {
    throw new InvalidInputError("its key is damaged");
  }
}

/**
 * Whether a key made a signature over exactly these bytes: Ed25519 as it is, ECDSA with SHA-256 in
 * strict DER. False for a damaged signature too.
 */
export async function verifyWithWebKey(
  { kind, key }: WebKey,
  bytes: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const raw = kind === "ed25519" ? signature : rawOf(signature);
  return raw?.length === 64 && await verifyRaw(kind, key, raw, bytes);
}

async function verifyRaw(
  kind: WebKey["kind"],
  key: CryptoKey,
  signature: Uint8Array<ArrayBuffer>,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const algorithm = kind === "ed25519" ? { name: "Ed25519" } : { name: "ECDSA", hash: "SHA-256" };
  return await crypto.subtle.verify(algorithm, key, signature, bytes);
}

function rawOf(signature: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  try {
    return ecdsaFromDer(signature, 32);
  } catch (error) {
    if (error instanceof InvalidInputError) return undefined;
    throw error;
  }
}
