import assert from "node:assert/strict";
import { isKnown, references } from "./analyse.ts";
import { parseExpression } from "./template.ts";

Deno.test("references() finds the names in paths and in CEL", () => {
  assert.deepEqual(references(parseExpression("steps['P5-2'].files[0]")), {
    params: [],
    steps: ["P5-2"],
    usesItem: false,
    usesRun: false,
  });
  const source = "has(steps.a.x) ? params['b'] + steps.a.y : params.list.map(x, item.n + x)[0]";
  assert.deepEqual(references(parseExpression(source)), {
    params: ["b", "list"],
    steps: ["a"],
    usesItem: true,
    usesRun: false,
  });
  assert.equal(references(parseExpression("run.outcome == 'done'")).usesRun, true);
});

Deno.test("references() looks into every part of a template", () => {
  const part = (source: string) => parseExpression(source);
  assert.deepEqual(
    references({
      kind: "map",
      entries: {
        a: { kind: "list", items: [part("params.a"), part("params.a + '1'")] },
        b: { kind: "text", parts: [part("steps.b.x"), { kind: "value", value: "params.no" }] },
      },
    }),
    { params: ["a"], steps: ["b"], usesItem: false, usesRun: false },
  );
});

Deno.test("references() finds names in an index and in calls", () => {
  const { params, steps } = references(
    parseExpression("params.m[steps.a.key].size() + size(params.n)"),
  );
  assert.deepEqual([params, steps], [["m", "n"], ["a"]]);
  assert.deepEqual(references(parseExpression("params[steps.b.key]")).steps, ["b"]);
});

Deno.test("references() finds nothing in what does not parse", () => {
  assert.deepEqual(references({ kind: "cel", source: "params.a +" }).params, []);
});

Deno.test("isKnown() is false for anything with an expression in it", () => {
  assert.equal(isKnown({ kind: "value", value: { a: 1 } }), true);
  assert.equal(isKnown({ kind: "list", items: [{ kind: "value", value: 1 }] }), true);
  assert.equal(isKnown({ kind: "list", items: [parseExpression("item")] }), false);
  assert.equal(isKnown({ kind: "map", entries: { a: parseExpression("1 + 1") } }), false);
});
