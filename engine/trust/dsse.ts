import { InvalidInputError } from "../errors.ts";
import { decodeBase64 } from "./base64.ts";
import { parseStrictJson } from "./strict_json.ts";

/** A signed message as DSSE (Dead Simple Signing Envelope, v1.0) carries it. */
export interface Envelope {
  /** What the payload is; covered by the signatures. */
  readonly payloadType: string;
  readonly payload: Uint8Array<ArrayBuffer>;
  readonly signatures: readonly EnvelopeSignature[];
}

export interface EnvelopeSignature {
  /** Names the key; not covered by the signature, so a hint for people and nothing more. */
  readonly keyid: string;
  readonly sig: Uint8Array<ArrayBuffer>;
}

/** Most signatures that are tried. */
const mostSignatures = 16;

/**
 * The bytes that a signature covers: DSSE's pre-authentication encoding, in which type and payload
 * cannot run into each other.
 *
 * @example
 * ```ts
 * import { preAuthenticationEncoding } from "./dsse.ts";
 * import assert from "node:assert/strict";
 *
 * const bytes = preAuthenticationEncoding("http://example.com/HelloWorld", new TextEncoder().encode("hello world"));
 * assert.equal(
 *   new TextDecoder().decode(bytes),
 *   "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
 * );
 * ```
 */
export function preAuthenticationEncoding(
  payloadType: string,
  payload: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const type = new TextEncoder().encode(payloadType);
  const head = new TextEncoder().encode(`DSSEv1 ${type.length} `);
  const middle = new TextEncoder().encode(` ${payload.length} `);
  const bytes = new Uint8Array(head.length + type.length + middle.length + payload.length);
  let at = 0;
  for (const part of [head, type, middle, payload]) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * Reads an envelope. Strict where leniency could make two readers differ: base64 in its one spelling,
 * no key twice. Members that DSSE does not name are passed over, as it asks.
 *
 * @throws InvalidInputError when it is none; no signature was verified yet
 */
export function readEnvelope(text: string): Envelope {
  const value = parseStrictJson(text);
  const { payloadType, payload, signatures } = objectOf(value, "it is not an object");
  if (typeof payloadType !== "string") throw new InvalidInputError("payloadType is not a text");
  if (!Array.isArray(signatures) || signatures.length === 0) {
    throw new InvalidInputError("it holds no signature");
  }
  if (signatures.length > mostSignatures) {
    throw new InvalidInputError(`it holds more than ${mostSignatures} signatures`);
  }
  return {
    payloadType,
    payload: base64Of(payload, "payload"),
    signatures: signatures.map((each, index) => {
      const { keyid = "", sig } = objectOf(each, `signatures[${index}] is not an object`);
      if (typeof keyid !== "string") {
        throw new InvalidInputError(`signatures[${index}].keyid is not a text`);
      }
      return { keyid, sig: base64Of(sig, `signatures[${index}].sig`) };
    }),
  };
}

/** An envelope as a file: the same envelope always has the same bytes. */
export function writeEnvelope({ payloadType, payload, signatures }: Envelope): string {
  const value = {
    payloadType,
    payload: payload.toBase64(),
    signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig: sig.toBase64() })),
  };
  return JSON.stringify(value, null, 2) + "\n";
}

function objectOf(value: unknown, fault: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InvalidInputError(fault);
  }
  return value as Readonly<Record<string, unknown>>;
}

function base64Of(value: unknown, name: string): Uint8Array<ArrayBuffer> {
  const bytes = typeof value === "string" ? decodeBase64(value) : undefined;
  if (bytes === undefined) throw new InvalidInputError(`${name} is not base64`);
  return bytes;
}
