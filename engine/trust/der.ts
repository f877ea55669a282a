import { InvalidInputError } from "../errors.ts";

/** The tags that keys and signatures are made of (X.690 §8). */
export const derTag = { integer: 0x02, octetString: 0x04, objectId: 0x06, sequence: 0x30 } as const;

/** One element of DER. */
export interface DerElement {
  readonly tag: number;
  /** A view of the bytes that were read, not a copy. */
  readonly content: Uint8Array;
}

/**
 * The elements that stand one after another in `bytes`, up to their end. Strict: every length is
 * definite and in its shortest form, tags have one byte, nothing is left over. A reader that forgives
 * nothing gives a value a single spelling.
 *
 * @throws InvalidInputError when it is not such DER
 */
export function readDer(bytes: Uint8Array): readonly DerElement[] {
  const elements: DerElement[] = [];
  let at = 0;
  while (at < bytes.length) {
    const { element, end } = readElement(bytes, at);
    elements.push(element);
    at = end;
  }
  return elements;
}

/**
 * The elements of the one SEQUENCE that `bytes` is.
 *
 * @throws InvalidInputError when it is anything else, or something follows it
 *
 * @example
 * ```ts
 * import { readDerSequence } from "./der.ts";
 * import assert from "node:assert/strict";
 *
 * const elements = readDerSequence(Uint8Array.fromHex("3006020101020102"));
 * assert.deepEqual(elements.map(({ content }) => content[0]), [1, 2]);
 * ```
 */
export function readDerSequence(bytes: Uint8Array): readonly DerElement[] {
  const [sequence, ...more] = readDer(bytes);
  if (more.length > 0) throw new InvalidInputError("the DER holds more than one value");
  return readDer(derContent(sequence, derTag.sequence));
}

/**
 * The content of an element that must be there, with this tag.
 *
 * @throws InvalidInputError when it is missing or another one
 */
export function derContent(element: DerElement | undefined, tag: number): Uint8Array {
  if (element?.tag !== tag) throw new InvalidInputError("the DER has another structure");
  return element.content;
}

/**
 * One element in DER.
 *
 * @throws RangeError from 64 KiB of content on; keys and signatures are far shorter
 */
export function encodeDer(tag: number, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const size = content.length;
  if (size > 0xffff) throw new RangeError("the content is too long for a key or a signature");
  const length = size < 0x80
    ? [size]
    : size <= 0xff
    ? [0x81, size]
    : [0x82, size >> 8, size & 0xff];
  return new Uint8Array([tag, ...length, ...content]);
}

function readElement(bytes: Uint8Array, at: number): { element: DerElement; end: number } {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || (tag & 0x1f) === 0x1f || first === undefined) throw notDer();
  let start = at + 2;
  let size = first;
  if (first >= 0x80) {
    const lengthBytes = bytes.subarray(start, start + (first & 0x7f));
    // Two bytes of length reach as far as any key; 0x80 alone is BER's open end.
    if (lengthBytes.length !== (first & 0x7f) || first === 0x80 || first > 0x82) throw notDer();
    size = lengthBytes.reduce((sum, byte) => sum * 256 + byte, 0);
    if (size < 0x80 || lengthBytes[0] === 0) throw notDer();
    start += lengthBytes.length;
  }
  const end = start + size;
  if (end > bytes.length) throw notDer();
  return { element: { tag, content: bytes.subarray(start, end) }, end };
}

function notDer(): InvalidInputError {
  return new InvalidInputError("it is not strict DER");
}
