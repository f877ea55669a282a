import { NotAuthorisedError } from "../errors.ts";
import { readSigningKey, type SigningKey } from "./signing_key.ts";

/**
 * Reads a signing key whose password, if it has one, is at hand: PKCS#8 in PEM, or an encrypted
 * `cosign.key`.
 *
 * @param password `""` is a legal one; `undefined` when there is none
 * @throws InvalidInputError when it is another kind of key; the message never repeats the text
 * @throws NotAuthorisedError when the password is wrong, or one is needed
 */
export function loadPrivateKey(text: string, password: string | undefined): Promise<SigningKey> {
  return readSigningKey(text, () =>
    password === undefined
      ? Promise.reject(
        new NotAuthorisedError("the signing key is encrypted, and there is no password for it", {
          hint: "set COSIGN_PASSWORD to the password of this cosign.key",
        }),
      )
      : Promise.resolve(password));
}
