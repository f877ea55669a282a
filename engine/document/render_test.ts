// flags: --allow-read=. --allow-env=SLUICE_UPDATE_GOLDEN --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import { compareGolden } from "../../tests/golden.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { parseDocument } from "./parse.ts";
import { diagnosticFormats, renderDiagnostics } from "./render.ts";

const file = "sub folder/many_at_once.yaml";
const text = await Deno.readTextFile(
  new URL("../../tests/golden/bad/many_at_once.yaml", import.meta.url),
);
const { diagnostics } = parseDocument(text, file);
const texts = new Map([[file, text]]);

for (const format of diagnosticFormats) {
  Deno.test(`renderDiagnostics() as ${format} is the golden text`, async () => {
    await compareGolden(`diagnostics/${format}.txt`, renderDiagnostics(format, diagnostics, texts));
  });
}

Deno.test("renderDiagnostics() uses ANSI only where color is wanted", () => {
  const escape = "\x1b[31;1m";
  assert.ok(!renderDiagnostics("text", diagnostics, texts).includes("\x1b"));
  assert.ok(renderDiagnostics("text", diagnostics, texts, { color: true }).includes(escape));
});

Deno.test("renderDiagnostics() as github escapes what the format reserves", () => {
  const odd: Diagnostic = {
    severity: "warning",
    code: "odd",
    message: "50% of a:b,c\nnext",
    span: { file: "a:b,c%.yaml", line: 1, column: 2, endLine: 3, endColumn: 4 },
  };
  assert.equal(
    renderDiagnostics("github", [odd], texts),
    "::warning file=a%3Ab%2Cc%25.yaml,line=1,endLine=3,col=2,title=sluice odd::50%25 of a:b,c%0Anext\n",
  );
});

Deno.test("renderDiagnostics() shows the first hundred faults and counts the rest", () => {
  const many = Array.from({ length: 150 }, () => diagnostics[0]!);
  const shown = renderDiagnostics("text", many, texts);
  assert.match(shown, /150 errors; the first 100 are shown\n$/);
  assert.equal(shown.match(/error\[/g)?.length, 100);
});

Deno.test("renderDiagnostics() says nothing as text where nothing is wrong", () => {
  assert.equal(renderDiagnostics("text", [], texts), "");
  assert.deepEqual(JSON.parse(renderDiagnostics("json", [], texts)), {
    schemaVersion: 1,
    diagnostics: [],
  });
});
