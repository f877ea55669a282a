/** The quotes that a text may stand in, and those that are escaped in it then. */
const quotes = [/\\/g, /[\\']/g, /[\\"]/g, /[\\`]/g];

/** Ways to write what is no printable character in quotes. */
const escapes: readonly ((text: string) => string)[] = [
  // JavaScript: Deno's inspect, then Node's.
  (text) => text.replaceAll(controls, (one) => short(one, "\b\t\n\v\f\r") ?? hex(one)),
  (text) => text.replaceAll(controls, (one) => short(one, "\b\t\n\f\r") ?? upper(hex(one))),
  // Python's repr, then its ascii, then that of bytes.
  (text) => text.replaceAll(unprintable, (one) => short(one, "\t\n\r") ?? hex(one)),
  (text) => text.replaceAll(beyondAscii, (one) => short(one, "\t\n\r") ?? hex(one)),
  (text) =>
    text.replaceAll(beyondAscii, (one) =>
      short(one, "\t\n\r") ??
        [...new TextEncoder().encode(one)].map((byte) => `\\x${digits(byte, 2)}`).join("")),
];

const controls = /[\p{Cc}]/gu;
const unprintable = /(?! )[\p{C}\p{Z}]/gu;
const beyondAscii = /[^ -~]/gu;

/** A text as JavaScript's `inspect` and Python's `repr` write it within a value, without the quotes. */
export function literalForms(text: string): readonly string[] {
  return quotes.flatMap((quote) => {
    const quoted = text.replaceAll(quote, "\\$&");
    return escapes.map((escape) => escape(quoted));
  });
}

const letters: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\v": "\\v",
  "\f": "\\f",
  "\r": "\\r",
};

function short(character: string, known: string): string | undefined {
  return known.includes(character) ? letters[character] : undefined;
}

function hex(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x100) return `\\x${digits(code, 2)}`;
  return code < 0x10000 ? `\\u${digits(code, 4)}` : `\\U${digits(code, 8)}`;
}

function upper(escape: string): string {
  return `\\x${escape.slice(2).toUpperCase()}`;
}

function digits(code: number, count: number): string {
  return code.toString(16).padStart(count, "0");
}
