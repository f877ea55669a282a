import { Buffer } from "node:buffer";
import { scrypt } from "node:crypto";
import * as v from "valibot";
import { InvalidInputError, NotAuthorisedError } from "../errors.ts";
import { decodeBase64 } from "./base64.ts";

/** The labels under which cosign has stored its private key. */
export const cosignKeyLabels: readonly string[] = [
  "ENCRYPTED SIGSTORE PRIVATE KEY",
  "ENCRYPTED COSIGN PRIVATE KEY",
];

function base64(bytes: number) {
  return v.pipe(
    v.string(),
    v.check((text) => decodeBase64(text)?.length === bytes, `${bytes} bytes in base64`),
    v.transform((text) => decodeBase64(text)!),
  );
}

/** The costs that cosign has used; any other could be there to exhaust memory, or to be guessed. */
const envelope = v.object({
  kdf: v.object({
    name: v.literal("scrypt"),
    params: v.object({ N: v.picklist([32768, 65536, 131072]), r: v.literal(8), p: v.literal(1) }),
    salt: base64(32),
  }),
  cipher: v.object({ name: v.literal("nacl/secretbox"), nonce: base64(24) }),
  ciphertext: v.string(),
});

/**
 * Opens the body of an encrypted `cosign.key`: scrypt, then NaCl secretbox. Gives PKCS#8 in DER.
 *
 * @param password `""` is a legal one
 * @throws InvalidInputError when the body has another shape
 * @throws NotAuthorisedError when the password is wrong
 */
export async function openCosignKey(body: Uint8Array, password: string): Promise<Uint8Array> {
  const { kdf, cipher, ciphertext } = readEnvelope(body);
  const key = await deriveKey(password, kdf.salt, kdf.params);
  const { xsalsa20poly1305 } = await import("@noble/ciphers/salsa");
  try {
    return xsalsa20poly1305(key, cipher.nonce).decrypt(ciphertext);
  } catch (error) {
    throw new NotAuthorisedError("the password does not open the signing key", {
      cause: error,
      hint: "set COSIGN_PASSWORD to the password of this cosign.key",
    });
  }
}

function readEnvelope(body: Uint8Array) {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    // The cause would quote the text.
    throw new InvalidInputError("the encrypted signing key is damaged: it is not JSON");
  }
  const read = v.safeParse(envelope, value);
  const ciphertext = read.success ? decodeBase64(read.output.ciphertext) : undefined;
  if (!read.success || ciphertext === undefined) {
    const path = read.success ? "ciphertext" : v.getDotPath(read.issues[0]) ?? "its top";
    throw new InvalidInputError(`the encrypted signing key has an unknown form at ${path}`, {
      hint: "make it with cosign generate-key-pair",
    });
  }
  return { ...read.output, ciphertext };
}

function deriveKey(
  password: string,
  salt: Uint8Array,
  cost: { readonly N: number; readonly r: number; readonly p: number },
): Promise<Uint8Array> {
  const maxmem = 256 * cost.N * cost.r;
  return new Promise((resolve, reject) =>
    scrypt(
      password,
      Buffer.from(salt),
      32,
      { ...cost, maxmem },
      (error, key) => error ? reject(error) : resolve(new Uint8Array(key)),
    )
  );
}
