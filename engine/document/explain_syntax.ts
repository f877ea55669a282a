import type { Misfit } from "./find_misfit.ts";

const quoted = /"(?:[^"\\]|\\.)*"|'[^']*'/g;

/** A fault of syntax in words that say what to look for. */
export interface SyntaxFault {
  readonly message: string;
  readonly hint?: string;
}

/** Says what is wrong with the indentation of a line. */
export function explainMisfit({ indent, fitting }: Misfit): SyntaxFault {
  return {
    message: indent === 0
      ? "this line is not indented, which fits nothing above it"
      : `this line is indented by ${spaces(indent)}, which fits nothing above it`,
    hint: fitting.length === 0
      ? "give the entries of one list or mapping the same indentation"
      : fitting.join() === "0"
      ? "do not indent it, as what stands above it"
      : `indent it by ${
        [...fitting.slice(0, -1), spaces(fitting.at(-1)!)].join(" or ")
      }, as what stands above it`,
  };
}

function spaces(count: number): string {
  return `${count} space${count === 1 ? "" : "s"}`;
}

/**
 * Says what a fault means that the YAML parser names by `code` at `offset` of the text; most of its
 * messages speak of the grammar, not of what a person wrote.
 */
export function explainSyntax(
  code: string,
  message: string,
  text: string,
  offset: number,
): SyntaxFault {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const next = text.indexOf("\n", offset);
  const line = text.slice(lineStart, next < 0 ? text.length : next);
  const asSaid = message.charAt(0).toLowerCase() + message.slice(1);
  if (/[[{].*\$\{\{/.test(line.replaceAll(quoted, "")) && code !== "TAB_AS_INDENT") {
    return {
      message: "an expression within [ ] or { } needs quotes",
      hint: 'write "${{ … }}": there a brace is part of YAML itself',
    };
  }
  switch (code) {
    case "TAB_AS_INDENT":
      return { message: "a tab indents this line", hint: "indent with spaces" };
    case "BAD_INDENT":
      return {
        message: asSaid,
        hint:
          "give the entries of one list or mapping the same indentation, and close each bracket",
      };
    case "BLOCK_AS_IMPLICIT_KEY":
      return message.startsWith("Nested mappings")
        ? { message: "a second ': ' within one line", hint: "quote a text that holds ': '" }
        : {
          message: "the indentation of this line fits nothing above it",
          hint: "give the entries of one list or mapping the same indentation",
        };
    case "MULTILINE_IMPLICIT_KEY":
      return {
        message: "a key must end with ':' on its line",
        hint: "put a ':' after the key, or quote a text that holds ': '",
      };
    case "MISSING_CHAR":
      return { message: asSaid, hint: "close the quote or bracket, and put a ':' after each key" };
    case "BAD_SCALAR_START":
      return { message: asSaid, hint: "quote a text that begins with a character of YAML's own" };
    case "BAD_DQ_ESCAPE":
      return {
        message: asSaid,
        hint: "in double quotes write \\\\ for a backslash, or use single quotes",
      };
    case "UNEXPECTED_TOKEN":
      return { message: asSaid, hint: "a bracket, a quote or a ':' may be missing before this" };
    default:
      return { message: asSaid };
  }
}
