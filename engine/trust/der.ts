/** An ECDSA signature as its two numbers: unsigned, big-endian, without leading zero bytes. */
export interface EcdsaSignature {
  readonly r: Uint8Array;
  readonly s: Uint8Array;
}

const tagInteger = 0x02;
const tagSequence = 0x30;

/**
 * Parses an ECDSA-Sig-Value, `SEQUENCE { r INTEGER, s INTEGER }` (RFC 3279 §2.2.3), accepting strict
 * DER only: shortest lengths, shortest integers, both positive, nothing after them. Undefined for
 * anything else. Verifiers differ in what they forgive; one that forgives nothing gives a signature
 * a single spelling.
 *
 * Whether the numbers lie below the order of the curve is left to the verifier.
 */
export function parseEcdsaSignature(der: Uint8Array): EcdsaSignature | undefined {
  const outer = readElement(der, 0, tagSequence);
  if (outer === undefined || outer.end !== der.length) return undefined;
  const r = readElement(der, outer.start, tagInteger);
  if (r === undefined) return undefined;
  const s = readElement(der, r.end, tagInteger);
  if (s === undefined || s.end !== der.length) return undefined;
  const rBytes = positive(der.subarray(r.start, r.end));
  const sBytes = positive(der.subarray(s.start, s.end));
  return rBytes === undefined || sBytes === undefined ? undefined : { r: rBytes, s: sBytes };
}

/**
 * Encodes a signature as strict DER. Leading zero bytes of `r` and `s` are allowed, so the two
 * halves of a raw `r‖s` signature can be passed as they are.
 *
 * @throws {RangeError} when a number is zero or longer than any curve of ours needs (66 bytes).
 *
 * @example
 * ```ts
 * import { encodeEcdsaSignature, parseEcdsaSignature } from "./der.ts";
 * import assert from "node:assert/strict";
 *
 * const der = encodeEcdsaSignature({ r: new Uint8Array([0, 0x80]), s: new Uint8Array([1]) });
 * assert.equal(der.toHex(), "300702020080020101");
 * assert.deepEqual(parseEcdsaSignature(der)?.r, new Uint8Array([0x80]));
 * ```
 */
export function encodeEcdsaSignature(signature: EcdsaSignature): Uint8Array<ArrayBuffer> {
  const content = [...integer(signature.r), ...integer(signature.s)];
  return new Uint8Array([tagSequence, ...length(content.length), ...content]);
}

/** Where the content of an element begins and ends. */
interface Element {
  readonly start: number;
  readonly end: number;
}

function readElement(der: Uint8Array, at: number, tag: number): Element | undefined {
  const first = der[at + 1];
  if (der[at] !== tag || first === undefined) return undefined;
  let start = at + 2;
  let size = first;
  if (first === 0x81) {
    // The long form is legal only where the short one does not reach. The longest signature, of
    // P-521, has 139 bytes: no second byte of length is ever needed.
    const long = der[start];
    if (long === undefined || long < 0x80) return undefined;
    start += 1;
    size = long;
  } else if (first >= 0x80) return undefined;
  const end = start + size;
  return end > der.length ? undefined : { start, end };
}

function positive(content: Uint8Array): Uint8Array | undefined {
  const [first, second] = content;
  if (first === undefined || first >= 0x80) return undefined;
  if (first !== 0) return content;
  // A zero byte in front only keeps the sign positive; alone it would be the number zero.
  return second !== undefined && second >= 0x80 ? content.subarray(1) : undefined;
}

function integer(bytes: Uint8Array): number[] {
  const from = bytes.findIndex((byte) => byte !== 0);
  const digits = from < 0 ? [] : [...bytes.subarray(from)];
  const first = digits[0];
  if (first === undefined || digits.length > 66) {
    throw new RangeError("r and s of an ECDSA signature must be between 1 and 66 bytes, not zero");
  }
  const content = first >= 0x80 ? [0, ...digits] : digits;
  return [tagInteger, content.length, ...content];
}

function length(size: number): number[] {
  return size < 0x80 ? [size] : [0x81, size];
}
