import assert from "node:assert/strict";
import { exampleInput } from "./example_input.ts";
import type { JsonSchema } from "./json_schema.ts";

Deno.test("exampleInput() makes no long example, whatever a schema asks for", () => {
  const list = (items: JsonSchema): JsonSchema => ({ type: "array", minItems: 5e9, items });
  const text: JsonSchema = { type: "string", minLength: 6e8 };
  const deep = list(list(list(list(text))));
  assert.ok(JSON.stringify(exampleInput(deep)).length < 1000);
  assert.deepEqual(exampleInput({ type: "array", minItems: 2, items: { type: "integer" } }), [
    1,
    1,
  ]);
  assert.equal(exampleInput({ type: "string", minLength: 9 }), "exampleee");
});
