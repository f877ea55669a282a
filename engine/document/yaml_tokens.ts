import { type CST, Lexer, Parser } from "yaml";
import type { Faults } from "./faults.ts";
import type { LineIndex } from "./line_index.ts";

/** Most levels of lists and mappings within each other. */
export const depthLimit = 64;

/**
 * The tokens of a text that holds at most one YAML document of plain data. Directives, further
 * documents, anchors, aliases and tags are faults. `undefined` where the text is nested so deeply
 * that going on would exhaust time or the stack.
 */
export function yamlTokens(
  text: string,
  index: LineIndex,
  report: Faults,
): readonly CST.Token[] | undefined {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let offset = 0;
  let open = 0;
  let inline = 0;
  for (const lexeme of new Lexer().lex(text)) {
    // The parser takes quadratic time on what is nested within one line: stop before it.
    if (lexeme === "[" || lexeme === "{") open++;
    else if (lexeme === "]" || lexeme === "}") open--;
    else if (lexeme === "-" || lexeme === "?" || lexeme === ":") inline++;
    else if (lexeme === "\n" || lexeme === "\r\n") inline = 0;
    if (open > depthLimit || (open === 0 && inline > depthLimit)) {
      tooDeep(index, report, offset);
      return undefined;
    }
    // Three lexemes are signals of the lexer to the parser and stand for nothing in the text.
    if (lexeme !== "\x02" && lexeme !== "\x18" && lexeme !== "\x1f") offset += lexeme.length;
    tokens.push(...parser.next(lexeme));
  }
  tokens.push(...parser.end());
  return checkTokens(tokens, index, report) ? tokens : undefined;
}

/** Without recursion, since what it looks for is what recursion would die of. */
function checkTokens(all: readonly CST.Token[], index: LineIndex, report: Faults): boolean {
  const open = all.map((token) => ({ token, depth: 0 })).reverse();
  let documents = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    const add = (inner: CST.Token | null | undefined) => {
      if (inner) open.push({ token: inner, depth: depth + 1 });
    };
    if (token.type === "document") {
      if (++documents === 2) secondDocument(index, report, token.offset);
      token.start.forEach(add);
      add(token.value);
    } else if ("items" in token) {
      if (depth > depthLimit) {
        tooDeep(index, report, token.offset);
        return false;
      }
      for (const item of token.items as readonly CST.CollectionItem[]) {
        item.start.forEach(add);
        add(item.key);
        item.sep?.forEach(add);
        add(item.value);
      }
    } else {
      if (token.type === "block-scalar") token.props.forEach(add);
      refuse(token, index, report);
    }
  }
  return true;
}

const refused: Readonly<Record<string, readonly [code: string, what: string, hint: string]>> = {
  directive: ["yaml-directive", "directive", "remove the line: the text is YAML 1.2"],
  anchor: ["yaml-anchor", "anchor", "make the value a parameter and write ${{ params.NAME }}"],
  alias: ["yaml-alias", "alias", "write the value out, or make it a parameter"],
  tag: ["yaml-tag", "tag", "remove it: quote a value to make it a text"],
};

function refuse(token: CST.Token, index: LineIndex, report: Faults): void {
  const [code, what, hint] = refused[token.type] ?? [];
  if (code === undefined || !("source" in token)) return;
  const source = token.source.trim();
  const span = index.span(token.offset, token.offset + source.length);
  report.error(code, span, `the YAML ${what} ${JSON.stringify(source)} is not supported`, hint);
}

function secondDocument(index: LineIndex, report: Faults, offset: number): void {
  report.error(
    "several-documents",
    index.span(offset, offset + 3),
    "a second YAML document begins here; a file holds one",
    "remove this line, or move what follows to a file of its own",
  );
}

function tooDeep(index: LineIndex, report: Faults, offset: number): void {
  report.error(
    "too-deep",
    index.span(offset, offset + 1),
    `lists and mappings stand more than ${depthLimit} levels deep within each other here`,
    "flatten it",
  );
}
