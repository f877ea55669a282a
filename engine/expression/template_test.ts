// flags: --ignore-env=LOG_TOKENS,LOG_STREAM
import fc from "fast-check";
import assert from "node:assert/strict";
import type { Node } from "../document/document.ts";
import { readYaml } from "../document/read_yaml.ts";
import type { Template } from "../plan/plan.ts";
import { evaluateTemplate } from "./evaluate.ts";
import { escapeText, parseTemplate } from "./template.ts";

function scalar(value: string): Node {
  const endColumn = 1 + value.length;
  return {
    kind: "scalar",
    value,
    span: { file: "a.yaml", line: 1, column: 1, endLine: 1, endColumn },
  };
}

function template(value: string): Template {
  return parseTemplate(scalar(value)).template;
}

function sources(value: string): readonly string[] {
  return parseTemplate(scalar(value)).expressions.map(({ source }) => source);
}

const root = { kind: "path", path: ["params", "root"], source: "params.root" } as const;

Deno.test("parseTemplate() keeps the kind of a scalar that is wholly an expression", () => {
  assert.deepEqual(template("${{ params.root }}"), root);
  assert.deepEqual(template("${{params.root}}"), root);
  assert.deepEqual(template("${{ params.n + 1 }}"), { kind: "cel", source: "params.n + 1" });
});

Deno.test("parseTemplate() makes text of an expression within text", () => {
  assert.deepEqual(template("${{ params.root }}/${{ item }}"), {
    kind: "text",
    parts: [root, { kind: "value", value: "/" }, { kind: "path", path: ["item"], source: "item" }],
  });
  assert.equal(template(" ${{ params.root }}").kind, "text");
});

Deno.test("parseTemplate() reads $${{ as a literal ${{", () => {
  assert.deepEqual(template("$${{ github.sha }}"), { kind: "value", value: "${{ github.sha }}" });
  assert.deepEqual(template("$$${{ a }}"), { kind: "value", value: "$${{ a }}" });
  assert.deepEqual(template("$$ {{ a }} }} ${ b }"), {
    kind: "value",
    value: "$$ {{ a }} }} ${ b }",
  });
});

Deno.test("parseTemplate() does not end an expression within a string or a map", () => {
  assert.deepEqual(sources("${{ 'a }} b' }}"), ["'a }} b'"]);
  assert.deepEqual(sources("${{ \"it's }}\" + '\\'}}' }}x"), ["\"it's }}\" + '\\'}}'"]);
  assert.deepEqual(sources("${{ {'a': {'b': 1}}}}"), ["{'a': {'b': 1}}"]);
  assert.deepEqual(sources("${{ {'a': {'b': '}'}} }}-${{ x }}"), ["{'a': {'b': '}'}}", "x"]);
  assert.deepEqual(sources("${{ '''it's }}''' }}"), ["'''it's }}'''"]);
  assert.deepEqual(sources("${{ r'\\' }}' }}"), ["r'\\' }}'"]);
});

Deno.test("parseTemplate() does not take the quotes of a comment for a string", () => {
  assert.deepEqual(sources("${{ a // don't }}"), ["a // don't"]);
  assert.deepEqual(sources("${{ a // it's\n + b }}"), ["a // it's\n + b"]);
});

Deno.test("parseTemplate() reports what is unclosed, empty or in a key", () => {
  const faults = (node: Node) =>
    parseTemplate(node).diagnostics.map(({ code, span }) => [code, span.column, span.endColumn]);
  assert.deepEqual(faults(scalar("ab ${{ params.x")), [["unclosed-expression", 4, 7]]);
  assert.deepEqual(faults(scalar("${{ a }} ${{ 'x }}")), [["unclosed-expression", 10, 13]]);
  assert.deepEqual(faults(scalar("ab ${{ }}")), [["empty-expression", 4, 8]]);
  const span = { file: "a.yaml", line: 1, column: 1, endLine: 1, endColumn: 5 };
  const value = scalar("x");
  const entries = [{ key: "${{ a }}", keySpan: span, value }];
  assert.deepEqual(faults({ kind: "map", entries, span }), [["expression-in-key", 1, 5]]);
});

Deno.test("parseTemplate() makes one value of what holds no expression", () => {
  const text = "{ a: [1, true, null, 'x'], constructor: { toString: y } }";
  assert.deepEqual(parseTemplate(readYaml(text, "a.yaml").node!).template, {
    kind: "value",
    value: JSON.parse('{"a":[1,true,null,"x"],"constructor":{"toString":"y"}}'),
  });
});

Deno.test("parseTemplate() keeps lists and maps around expressions", () => {
  const { template, expressions } = parseTemplate(
    readYaml("{ a: ['${{ item }}', 1], b: '${{ params.n }}' }", "a.yaml").node!,
  );
  assert.ok(template.kind === "map");
  assert.deepEqual(Object.keys(template.entries), ["a", "b"]);
  assert.equal(template.entries["a"]?.kind, "list");
  assert.deepEqual(expressions.map(({ source, place }) => [source, place]), [
    ["item", "whole"],
    ["params.n", "whole"],
  ]);
});

Deno.test("parseTemplate() keeps a member named __proto__ a member", () => {
  const { span } = scalar("");
  const map = (value: string): Node => {
    const entry = { key: "__proto__", keySpan: span, value: scalar(value) };
    return { kind: "map", entries: [entry], span };
  };
  assert.equal(
    JSON.stringify(parseTemplate(map("x")).template),
    '{"kind":"value","value":{"__proto__":"x"}}',
  );
  const { template } = parseTemplate(map("${{ item }}"));
  assert.deepEqual(template.kind === "map" && Object.keys(template.entries), ["__proto__"]);
});

Deno.test("escapeText() is undone by parseTemplate()", () => {
  const text = fc.array(fc.constantFrom("$", "{", "}", "${{", "}}", "a", "'", '"', " ", "\n"))
    .map((parts) => parts.join(""));
  fc.assert(fc.property(text, (text) => {
    const parsed = parseTemplate(scalar(escapeText(text)));
    assert.deepEqual(parsed, {
      template: { kind: "value", value: text },
      diagnostics: [],
      expressions: [],
    });
  }));
});

Deno.test("parseTemplate() finds an expression whatever its strings hold", async () => {
  const part = fc.constantFrom("}}", "${{", "'", '"', "\\", "{", "}", "//", "a", " ", "\n");
  const string = fc.array(part).map((parts) => parts.join(""));
  await fc.assert(
    fc.asyncProperty(string, string, string, async (before, inner, after) => {
      const source = JSON.stringify(inner);
      const value = `${escapeText(before)}${before.endsWith("$") ? "" : `\${{ ${source} }}`}${
        escapeText(after)
      }`;
      const { template, diagnostics } = parseTemplate(scalar(value));
      assert.deepEqual(diagnostics, []);
      assert.equal(
        await evaluateTemplate(template, { params: {}, steps: {} }),
        `${before}${before.endsWith("$") ? "" : inner}${after}`,
      );
    }),
  );
});
