/** A stretch of a scalar. Offsets are in UTF-16 units of its value. */
export type Segment =
  | { readonly kind: "text"; readonly text: string }
  /** `from` to `to` is the source between the braces, without the space around it. */
  | {
    readonly kind: "expression";
    readonly source: string;
    readonly from: number;
    readonly to: number;
    /** Where its `${{` stands. */
    readonly open: number;
  }
  /** A `${{` at `open` that has no `}}`. */
  | { readonly kind: "unclosed"; readonly open: number };

/**
 * Splits text at its `${{ … }}`. `$${{` stands for a literal `${{`. An end within a string or a map
 * of CEL is none.
 */
export function scan(text: string): readonly Segment[] {
  const segments: Segment[] = [];
  let plain = "";
  const flush = () => {
    if (plain !== "") segments.push({ kind: "text", text: plain });
    plain = "";
  };
  let at = 0;
  while (at < text.length) {
    if (text.startsWith("$${{", at)) {
      plain += "${{";
      at += 4;
    } else if (text.startsWith("${{", at)) {
      flush();
      const end = endOfExpression(text, at + 3);
      if (end === undefined) {
        segments.push({ kind: "unclosed", open: at });
        return segments;
      }
      const inner = text.slice(at + 3, end);
      const from = at + 3 + (inner.length - inner.trimStart().length);
      const source = inner.trim();
      segments.push({ kind: "expression", source, from, to: from + source.length, open: at });
      at = end + 2;
    } else plain += text[at++];
  }
  flush();
  return segments;
}

/** The offset of the `}}` that ends an expression. */
function endOfExpression(text: string, start: number): number | undefined {
  let braces = 0;
  let at = start;
  while (at < text.length) {
    const char = text[at]!;
    if (char === "'" || char === '"') {
      const end = endOfString(text, at);
      if (end === undefined) return undefined;
      at = end;
      continue;
    }
    if (text.startsWith("//", at)) {
      // A comment of CEL reaches to the end of the line; what is quoted in it is no string.
      while (at < text.length && text[at] !== "\n" && !text.startsWith("}}", at)) at++;
      continue;
    }
    if (char === "{") braces++;
    else if (char === "}" && braces > 0) braces--;
    else if (text.startsWith("}}", at)) return at;
    at++;
  }
  return undefined;
}

/** The offset after a string of CEL; its quotes may be single or threefold. */
function endOfString(text: string, start: number): number | undefined {
  const quote = text[start]!.repeat(3);
  const delimiter = text.startsWith(quote, start) ? quote : quote[0]!;
  for (let at = start + delimiter.length; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text.startsWith(delimiter, at)) return at + delimiter.length;
  }
  return undefined;
}
