import { htmlForms } from "./html_forms.ts";
import { literalForms } from "./literal_forms.ts";

/**
 * The texts in which a secret may show up in output: itself, in base64 at any place of a longer text,
 * in hex, percent-encoded, in quotes of JavaScript or Python, in HTML, and escaped in JSON (once or
 * twice over).
 *
 * @param secret at least 4 characters: shorter ones have forms that stand in any text
 */
export function secretForms(secret: string): ReadonlySet<string> {
  const bytes = new TextEncoder().encode(secret);
  const hex = bytes.toHex();
  const base64 = base64Forms(bytes);
  const encoded = [
    ...base64.map(encodeURIComponent),
    ...urlForms(secret.toWellFormed()),
  ];
  const json = jsonForms(secret);
  return new Set([
    secret,
    hex,
    hex.toUpperCase(),
    ...base64,
    ...encoded,
    ...encoded.map(lowerPercent),
    ...literalForms(secret),
    ...htmlForms(secret),
    ...json,
    ...json.flatMap(jsonForms),
  ]);
}

/** Columns after which common tools break base64. */
const wraps = [64, 76];
/** The shortest piece of broken base64 that counts. */
const shortestPiece = 8;

function base64Forms(bytes: Uint8Array<ArrayBuffer>): string[] {
  const whole = bytes.toBase64();
  const forms = [whole, whole.replace(/=+$/, "")];
  // In a longer text it starts 0, 1 or 2 bytes after a boundary: the characters it alone decides.
  for (const before of [0, 1, 2]) {
    const shifted = new Uint8Array(before + bytes.length);
    shifted.set(bytes, before);
    const first = Math.ceil((8 * before) / 6);
    const end = Math.floor((8 * shifted.length) / 6);
    forms.push(shifted.toBase64().slice(first, end));
  }
  for (const columns of wraps) {
    for (let at = 0; whole.length > columns && at < whole.length; at += columns) {
      const piece = whole.slice(at, at + columns);
      if (piece.length >= shortestPiece) forms.push(piece);
    }
  }
  return forms.flatMap((form) => [form, form.replaceAll("+", "-").replaceAll("/", "_")]);
}

function urlForms(secret: string): string[] {
  const form = new URLSearchParams({ s: secret }).toString().slice("s=".length);
  const url = new URL("http://user@host/");
  url.password = secret;
  return [encodeURIComponent(secret), encodeURI(secret), form, url.password];
}

function lowerPercent(text: string): string {
  return text.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
}

/** JSON as this program writes it, as Python does (ASCII), as Go does (safe for HTML), as PHP does. */
function jsonForms(text: string): string[] {
  const plain = JSON.stringify(text).slice(1, -1);
  const ascii = plain.replaceAll(/[^\x20-\x7e]/g, unicodeEscape);
  const html = plain.replaceAll(/[<>&\u2028\u2029]/g, unicodeEscape);
  return [
    plain,
    ascii,
    ascii.replaceAll(/\\u[0-9a-f]{4}/g, (code) => `\\u${code.slice(2).toUpperCase()}`),
    html,
    plain.replaceAll("/", "\\/"),
    ascii.replaceAll("/", "\\/"),
  ];
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
