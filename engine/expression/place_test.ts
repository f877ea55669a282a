// flags: --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import { readYaml } from "../document/read_yaml.ts";
import { diagnoseExpression } from "./diagnose.ts";
import { parseTemplate } from "./template.ts";

const scope = { params: {}, steps: {} };

/** What the spans of the faults of the value of `a` cut out of the text. */
function cuts(text: string, whole = true): readonly string[] {
  const { node } = readYaml(text, "a.yaml");
  const value = node?.kind === "map" ? node.entries[0]!.value : undefined;
  const { expressions } = parseTemplate(value!, whole ? text : undefined);
  const lines = text.split("\n");
  return expressions.flatMap((expression) => diagnoseExpression(expression, scope).diagnostics)
    .map(({ span: { line, column, endLine, endColumn } }) =>
      line === endLine
        ? `${line}: ${lines[line - 1]!.slice(column - 1, endColumn - 1)}`
        : `${line}:${column}-${endLine}:${endColumn}`
    );
}

Deno.test("spanOfPart() is exact in plain and quoted scalars", () => {
  assert.deepEqual(cuts("a: go ${{ params.x }}\n"), ["1: x"]);
  assert.deepEqual(cuts('a: "go ${{ params.x }}"\n'), ["1: x"]);
  assert.deepEqual(cuts("a: 'it''s ${{ params[''x''] }}'\n"), ["1: ''x''"]);
  assert.deepEqual(cuts('a: "\\x67o\\t\\U0001F600 ${{ params[\\"x\\"] }}"\n'), ['1: \\"x\\"']);
});

Deno.test("spanOfPart() follows lines that YAML folds", () => {
  assert.deepEqual(cuts("a: go\n  on ${{ params.x\n  + params.yy }}\n"), ["2: x", "3: yy"]);
  assert.deepEqual(cuts('a: "go\n\n  on \\\n   ${{ params.x }}"\n'), ["4: x"]);
});

Deno.test("spanOfPart() is exact in block scalars", () => {
  const lines = "  same\n\n    ${{ params.x }}\n  same ${{ params.yy }}\n";
  for (const header of ["|", "|-", ">", ">-", "|2", "| # ${{ no }}"]) {
    assert.deepEqual(cuts(`a: ${header}\n${lines}b: 1\n`), ["4: x", "5: yy"], header);
  }
});

Deno.test("spanOfPart() takes carriage returns for white space", () => {
  assert.deepEqual(cuts("a: |\r\n  go\r\n  ${{ params.x }}\r\n"), ["3: x"]);
});

Deno.test("spanOfPart() without the text is exact on one line, else the whole scalar", () => {
  assert.deepEqual(cuts("a: go ${{ params.x }}\n", false), ["1: x"]);
  assert.deepEqual(cuts('a: "go ${{ params.x }}"\n', false), ["1: x"]);
  assert.deepEqual(cuts("a: |\n  ${{ params.x }}\n", false), ["1:4-2:18"]);
});
