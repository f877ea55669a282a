import assert from "node:assert/strict";
import { InvalidInputError } from "../errors.ts";
import type { Template } from "../plan/plan.ts";
import { foldTemplate } from "./fold.ts";
import { parseExpression } from "./template.ts";

const known = { params: { root: "/opt", n: 3, list: ["a"] } };

Deno.test("foldTemplate() evaluates what is known and keeps its type", async () => {
  const fold = async (source: string) => await foldTemplate(parseExpression(source), known);
  assert.deepEqual(await fold("params.n"), { kind: "value", value: 3 });
  assert.deepEqual(await fold("params.list"), { kind: "value", value: ["a"] });
  assert.deepEqual(await fold("params.n + 1"), { kind: "value", value: 4 });
  assert.deepEqual(await fold("1 + 1"), { kind: "value", value: 2 });
});

Deno.test("foldTemplate() leaves what depends on anything late", async () => {
  for (
    const source of [
      "steps.a.b",
      "params.late",
      "params.n + params.late",
      "has(steps.a.b) ? 1 : params.n",
      "item",
      "run.outcome",
      "params.constructor",
    ]
  ) {
    const template = parseExpression(source);
    assert.equal(await foldTemplate(template, known), template, source);
  }
});

Deno.test("foldTemplate() knows an item, null too", async () => {
  const item = parseExpression("item");
  assert.deepEqual(await foldTemplate(item, { ...known, item: null }), {
    kind: "value",
    value: null,
  });
});

Deno.test("foldTemplate() folds the known parts of text, lists and maps", async () => {
  const text = (last: Template): Template => ({
    kind: "text",
    parts: [parseExpression("params.root"), { kind: "value", value: "/" }, last],
  });
  assert.deepEqual(await foldTemplate(text(parseExpression("params.n")), known), {
    kind: "value",
    value: "/opt/3",
  });
  const late = parseExpression("steps.a.b");
  assert.deepEqual(await foldTemplate(text(late), known), {
    kind: "text",
    parts: [{ kind: "value", value: "/opt" }, { kind: "value", value: "/" }, late],
  });
  const map: Template = {
    kind: "map",
    entries: { a: parseExpression("params.n"), b: { kind: "list", items: [text(late)] } },
  };
  const folded = await foldTemplate(map, known);
  assert.ok(folded.kind === "map");
  assert.deepEqual(folded.entries["a"], { kind: "value", value: 3 });
  assert.equal(folded.entries["b"]?.kind, "list");
});

Deno.test("foldTemplate() raises what known values do not allow as invalid input", async () => {
  await assert.rejects(foldTemplate(parseExpression("params.list[1]"), known), (error) => {
    assert.ok(error instanceof InvalidInputError);
    assert.equal(error.message, "${{ params.list[1] }}: index 1 is outside the list of 1");
    return true;
  });
});
