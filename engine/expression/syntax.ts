import { type ASTNode, Environment, ParseError } from "@marcbachmann/cel-js";
import { children } from "./children.ts";
import type { Fault } from "./fault.ts";
import { limits } from "./limits.ts";

/** A parsed expression, or what is wrong with it. */
export type Syntax = { readonly ast: ASTNode } | { readonly fault: Fault };

// maxDepth of the library counts brackets only; the depth of the whole tree is measured below.
const environment = new Environment({
  limits: { maxAstNodes: limits.nodes, maxDepth: limits.depth },
});

/**
 * Parses CEL, within {@linkcode limits}. This is the one module that loads the CEL library; what
 * runs steps reaches it by a dynamic import, so that plain paths never pay for it.
 */
export function parseSyntax(source: string): Syntax {
  const whole = { offset: 0, length: source.length };
  const limit = (message: string): Syntax => ({
    fault: { code: "expression-limit", message, hint: "split it into smaller ones", ...whole },
  });
  if (source.length > limits.characters) {
    return limit(`the expression has ${source.length} characters; ${limits.characters} may stand`);
  }
  try {
    const { ast } = environment.parse(source);
    if (depth(ast) > limits.depth) return limit(`the expression nests over ${limits.depth} deep`);
    return { ast };
  } catch (error) {
    // A run of a thousand `!` exhausts the stack of the parser before its limits are asked.
    if (error instanceof RangeError) return limit(`the expression nests over ${limits.depth} deep`);
    if (!(error instanceof ParseError)) throw error;
    if (error.code === "limit_exceeded") return limit("the expression is too large");
    const offset = Math.min(error.range?.start ?? 0, source.length);
    return {
      fault: {
        code: "expression-syntax",
        message: messageOf(error),
        offset,
        length: Math.max((error.range?.end ?? 0) - offset, 0),
      },
    };
  }
}

/** The library names tokens as its lexer does; its excerpt is left out, for ours has file and line. */
function messageOf({ summary }: ParseError): string {
  const at = /^(?:Unexpected token: |Expected [A-Z]+, got )EOF$/;
  if (at.test(summary)) return "the expression ends too early";
  return summary.replace(/^[A-Z]/, (letter) => letter.toLowerCase())
    .replaceAll(/\b[A-Z]{2,}\b/g, (token) => tokens[token] ?? token);
}

const tokens: Readonly<Record<string, string>> = {
  EOF: "the end",
  NUMBER: "a number",
  STRING: "a string",
  BOOLEAN: "true or false",
  NULL: "null",
  IDENTIFIER: "a name",
  LPAREN: "'('",
  RPAREN: "')'",
  LBRACKET: "'['",
  RBRACKET: "']'",
  LBRACE: "'{'",
  RBRACE: "'}'",
  DOT: "'.'",
  COMMA: "','",
  COLON: "':'",
  QUESTION: "'?'",
};

/** Levels of a tree, without recursion: it has not been found harmless yet. */
function depth(ast: ASTNode): number {
  let level: readonly ASTNode[] = [ast];
  let levels = 0;
  while (level.length > 0) {
    levels++;
    level = level.flatMap(children);
  }
  return levels;
}
