// What the CEL library does that decided how this folder is made. A new version of it shows here.
import { Environment } from "@marcbachmann/cel-js";
import assert from "node:assert/strict";

const typedSteps = new Environment().registerVariable({
  name: "steps",
  schema: { "P5-2": { release: "string" }, plain: { release: "string" } },
});

Deno.test("cel-js types members by schema, with hyphens too", () => {
  const checked = typedSteps.check("steps['P5-2'].release");
  assert.deepEqual([checked.valid, checked.type], [true, "string"]);
  assert.equal(typedSteps.check("steps['P5-2'].releas").error?.code, "no_such_key");
});

Deno.test("cel-js has() refuses an index with a string, and does not check names", () => {
  const refused = typedSteps.check("has(steps['P5-2'].release)");
  assert.equal(refused.error?.code, "invalid_macro_argument");
  assert.equal(typedSteps.check("has(steps.nowhere)").valid, true);
});

Deno.test("cel-js stops at the first fault", () => {
  const { error } = typedSteps.check("steps.plain.a == steps.plain.b");
  assert.equal(error?.summary, "No such key: a");
});

Deno.test("cel-js has() fails where a member on the way is absent", () => {
  const open = new Environment({ unlistedVariablesAreDyn: true });
  assert.equal(open.evaluate("has(a.b)", { a: {} }), false);
  assert.throws(() => open.evaluate("has(a.b.c)", { a: {} }), /No such key: b/);
});

Deno.test("cel-js tells integers from doubles by the type of the JavaScript value", () => {
  const open = new Environment({ unlistedVariablesAreDyn: true });
  assert.equal(open.evaluate("x / 2", { x: 7n }), 3n);
  assert.throws(() => open.evaluate("x / 2", { x: 7 }), /no such overload/);
});

Deno.test("cel-js drops some keys of map literals without a word", () => {
  const result = new Environment().evaluate("{'constructor': 1, 'a': 2}");
  assert.deepEqual(result, { a: 2n });
});

Deno.test("cel-js evaluates what doubles with every call without bound", () => {
  const source = `[[1]]${".map(a, a + a)".repeat(12)}[0].size()`;
  assert.equal(new Environment().evaluate(source), 4096n);
});

Deno.test("cel-js gives every node its range in the source", () => {
  const { ast } = new Environment({ unlistedVariablesAreDyn: true }).parse("a.b + c['d-e']");
  assert.equal(ast.op, "+");
  assert.ok(ast.op === "+");
  const [left, right] = ast.args;
  assert.deepEqual([left.start, left.pos, left.end], [0, 2, 3]);
  assert.deepEqual([right.start, right.end], [6, 14]);
});
