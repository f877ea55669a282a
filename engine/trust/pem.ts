import { InvalidInputError } from "../errors.ts";
import { decodeBase64 } from "./base64.ts";

/** The one block of a PEM file (RFC 7468). */
export interface Pem {
  /** What stands after BEGIN, such as `PUBLIC KEY`. */
  readonly label: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const begin = /-----BEGIN ([A-Z0-9 ]+)-----/g;

/**
 * Reads a text that holds one PEM block. Text around it is a comment, as RFC 7468 has it.
 *
 * @throws InvalidInputError when there is no block, more than one, or a damaged one; the message
 * repeats nothing of its content
 */
export function readPem(text: string): Pem {
  const [found, ...more] = text.matchAll(begin);
  const label = found?.[1];
  if (found === undefined || label === undefined) {
    throw new InvalidInputError("it holds no PEM block");
  }
  if (more.length > 0) throw new InvalidInputError("it holds more than one PEM block");
  const start = found.index + found[0].length;
  const end = text.indexOf(`-----END ${label}-----`, start);
  if (end < 0) throw new InvalidInputError(`its PEM block ${label} has no end`);
  const bytes = decodeBase64(text.slice(start, end).replace(/[ \t\r\n]/g, ""));
  if (bytes === undefined) throw new InvalidInputError(`its PEM block ${label} is not base64`);
  return { label, bytes };
}
