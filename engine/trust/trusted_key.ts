import type { PublicKey } from "./public_key.ts";

/** A public key with the name of its file, without `.pub`. */
export interface TrustedKey extends PublicKey {
  readonly name: string;
}
