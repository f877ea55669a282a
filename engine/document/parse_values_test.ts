// flags: --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import { nodeToJson } from "./node_to_json.ts";
import { parseValues } from "./parse_values.ts";

Deno.test("parseValues() reads a mapping of YAML or of JSON", () => {
  for (const text of ["root: /opt\nn: 3\n", '{ "root": "/opt",\n\t"n": 3 }']) {
    const { values, diagnostics } = parseValues(text, "values");
    assert.deepEqual(diagnostics, []);
    assert.deepEqual([...values].map(([key, node]) => [key, nodeToJson(node)]), [
      ["root", "/opt"],
      ["n", 3],
    ]);
  }
});

Deno.test("parseValues() takes an empty file as no values", () => {
  assert.deepEqual(parseValues("# nothing\n", "values"), { values: new Map(), diagnostics: [] });
});

Deno.test("parseValues() refuses what is no mapping", () => {
  const [fault] = parseValues("- a\n", "values").diagnostics;
  assert.equal(fault?.message, "the file must be a mapping of parameters to values, not a list");
});
