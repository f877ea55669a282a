import { InvalidInputError } from "../errors.ts";
import { derContent, derTag, encodeDer, readDerSequence } from "./der.ts";

/**
 * An ECDSA signature in DER (`SEQUENCE { r INTEGER, s INTEGER }`, RFC 3279) as `r‖s` of fixed size,
 * which is what WebCrypto wants.
 *
 * @param size bytes of each number: 32 for P-256, 48 for P-384, 66 for P-521
 * @throws InvalidInputError when it is not minimal DER, or a number is not positive or too large
 */
export function ecdsaFromDer(der: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const elements = readDerSequence(der);
  if (elements.length !== 2) throw new InvalidInputError("an ECDSA signature holds two numbers");
  const raw = new Uint8Array(2 * size);
  for (const [index, element] of elements.entries()) {
    const number = readPositive(derContent(element, derTag.integer));
    if (number.length > size) throw new InvalidInputError("a number of the signature is too large");
    raw.set(number, (index + 1) * size - number.length);
  }
  return raw;
}

/** An ECDSA signature as DER, from `r‖s`. */
export function ecdsaToDer(raw: Uint8Array): Uint8Array {
  const size = raw.length / 2;
  const numbers = [raw.subarray(0, size), raw.subarray(size)].map(encodePositive);
  const content = new Uint8Array(numbers[0]!.length + numbers[1]!.length);
  content.set(numbers[0]!);
  content.set(numbers[1]!, numbers[0]!.length);
  return encodeDer(derTag.sequence, content);
}

function readPositive(content: Uint8Array): Uint8Array {
  const [first, second] = content;
  if (first === undefined || first >= 0x80) throw new InvalidInputError("a number is not positive");
  if (first !== 0) return content;
  if (second === undefined || second < 0x80) {
    throw new InvalidInputError("a number is 0 or not in its shortest form");
  }
  return content.subarray(1);
}

function encodePositive(number: Uint8Array): Uint8Array {
  const start = number.findIndex((byte) => byte !== 0);
  const significant = start < 0 ? number.subarray(-1) : number.subarray(start);
  if (significant[0]! < 0x80) return encodeDer(derTag.integer, significant);
  const padded = new Uint8Array(significant.length + 1);
  padded.set(significant, 1);
  return encodeDer(derTag.integer, padded);
}
