// flags: --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import fc from "fast-check";
import { nodeToJson } from "./node_to_json.ts";
import { parseDocument } from "./parse.ts";
import { readYaml, textLimit } from "./read_yaml.ts";
import { depthLimit } from "./yaml_tokens.ts";

function codes(text: string): readonly string[] {
  return readYaml(text, "x.yaml").diagnostics.map(({ code }) => code);
}

Deno.test("readYaml() reads JSON as JSON.parse() does", () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
    const text = JSON.stringify(value, null, 1);
    if (text.includes("__proto__") || /\d{16}|[eE]/.test(text)) return;
    const { node, diagnostics } = readYaml(text, "x.json");
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(nodeToJson(node!), JSON.parse(text));
  }));
});

Deno.test("readYaml() counts columns without the byte order mark and lines with CRLF", () => {
  const { node, text } = readYaml("\uFEFFa: 1\r\nb:\r\n  - two\r\n", "x.yaml");
  assert.equal(text.charCodeAt(0), 0x61);
  assert.equal(node?.kind, "map");
  const [a, b] = node.kind === "map" ? node.entries : [];
  assert.equal(a?.keySpan.column, 1);
  assert.deepEqual(nodeToJson(b!.value), ["two"]);
  assert.deepEqual(b?.value.span, { file: "x.yaml", line: 3, column: 3, endLine: 3, endColumn: 8 });
});

Deno.test("readYaml() reads values of YAML 1.2, not of 1.1", () => {
  const { node } = readYaml("[yes, no, on, 010, 0x1f, 1e3, ~, 2024-01-01, 1:30]", "x.yaml");
  const wanted = ["yes", "no", "on", 10, 31, 1000, null, "2024-01-01", "1:30"];
  assert.deepEqual(nodeToJson(node!), wanted);
});

Deno.test("readYaml() keeps numbers as keys as they are written", () => {
  const { node } = readYaml("8080: a\n0x10: b\n", "x.yaml");
  assert.deepEqual(nodeToJson(node!), { "8080": "a", "0x10": "b" });
});

Deno.test("readYaml() refuses a text over the limit at once", () => {
  assert.deepEqual(codes("a".repeat(textLimit + 1)), ["too-large"]);
});

Deno.test("readYaml() refuses what would exhaust time or the stack, at once", () => {
  const lines = Array.from({ length: 1_400 }, (_, n) => `${" ".repeat(n)}-\n`).join("");
  const texts = [
    "[".repeat(textLimit),
    "{a: ".repeat(textLimit / 4),
    "- ".repeat(textLimit / 2),
    "? ".repeat(textLimit / 2),
    lines,
  ];
  for (const text of texts) {
    assert.deepEqual(codes(text), ["too-deep"], text.slice(0, 8));
  }
});

Deno.test("readYaml() accepts nesting up to the limit", () => {
  assert.deepEqual(codes("[".repeat(depthLimit) + "]".repeat(depthLimit)), []);
  assert.deepEqual(codes("[".repeat(depthLimit + 1) + "]".repeat(depthLimit + 1)), ["too-deep"]);
});

Deno.test("readYaml() finds fault with the key that has no colon, not with the line after it", () => {
  for (const key of ["- id:a", "- id a", "- id\uff1a a"]) {
    const text = `steps:\n  ${key}\n    uses: x\n`;
    const [first] = readYaml(text, "x.yaml").diagnostics;
    assert.equal(first?.span.line, 2, key);
    assert.match(first.message, /a key must end with ':'/);
  }
});

Deno.test("parseDocument() reports, and never throws, whatever the text", () => {
  const words = fc.constantFrom(
    ..."sluice: v1|\n|steps:|  - id: a| uses: x|[|]|{|}|: |- |\"|'|&a |*a|!t |? || |>\n|%x\n|---\n|\t"
      .split("|"),
    "${{ ",
    "}}",
    "\u0000",
    "\uFEFF",
  );
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.array(words).map((list) => list.join(""))), (text) => {
      const { document, diagnostics } = parseDocument(text, "x.yaml");
      assert.ok(document !== undefined || diagnostics.length > 0);
      const lines = text.split("\n").length;
      for (const { span } of diagnostics) {
        assert.ok(span.line >= 1 && span.line <= lines && span.column >= 1);
      }
    }),
    { numRuns: 500 },
  );
});
