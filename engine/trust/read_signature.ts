import { InvalidInputError } from "../errors.ts";
import { decodeBase64 } from "./base64.ts";

/**
 * The base64 signature in the text of a signature file: the bare base64 that `cosign sign-blob`
 * writes, a Sigstore bundle (v0.1 to v0.3, with a message signature), or the older bundle of cosign
 * with `base64Signature`. Digest and key hint of a bundle are not looked at: only keys decide.
 *
 * @throws InvalidInputError when it is none of these
 *
 * @example
 * ```ts
 * import { readSignature } from "./read_signature.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(readSignature("MEUCIQ==\n"), "MEUCIQ==");
 * assert.equal(readSignature('{"base64Signature": "MEUCIQ=="}'), "MEUCIQ==");
 * ```
 */
export function readSignature(text: string): string {
  const trimmed = text.trim();
  const signature = trimmed.startsWith("{") ? signatureOfBundle(trimmed) : trimmed;
  if (signature === undefined || signature === "" || decodeBase64(signature) === undefined) {
    throw new InvalidInputError("it holds no signature in base64", {
      hint: "make it with cosign sign-blob, or with the bundle pipeline",
    });
  }
  return signature;
}

function signatureOfBundle(text: string): string | undefined {
  let bundle: unknown;
  try {
    bundle = JSON.parse(text);
  } catch (error) {
    throw new InvalidInputError("the signature bundle is not JSON", { cause: error });
  }
  const message = member(bundle, "messageSignature") ?? member(bundle, "message_signature");
  const signature = member(message, "signature") ?? member(bundle, "base64Signature");
  return typeof signature === "string" ? signature : undefined;
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}
