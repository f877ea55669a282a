import assert from "node:assert/strict";
import { parseDocument } from "../document/parse.ts";
import { exampleParams } from "../schema/describe_step.ts";
import type { JsonSchema } from "../schema/json_schema.ts";
import { readDescription } from "./description.ts";
import { stepOf } from "./foreign_definition.ts";

const object = (
  properties: Readonly<Record<string, JsonSchema>>,
  required = Object.keys(properties),
): JsonSchema => ({ type: "object", properties, required });

function exampleOf(params: JsonSchema, late?: JsonSchema) {
  const answer = { summary: "s", effect: "none", params, facts: object({}), ...late && { late } };
  return stepOf("./a.ts", readDescription({ ...answer, permissions: true, run: true }));
}

Deno.test("a step of others without an example gets one that its own schema takes", () => {
  const step = exampleOf(
    object({
      file: { type: "string", sluice: "path" },
      url: { type: "string", sluice: "url" },
      key: { type: "string", sluice: "secret" },
      wait: { type: "integer", sluice: "duration" },
      most: { type: "integer", sluice: "size" },
      mode: { type: "string", enum: ["fast", "safe"] },
      count: { type: "integer", minimum: 3 },
      many: { type: "array", items: { type: "string" }, minItems: 2 },
      deep: object({ on: { type: "boolean" } }),
      given: { type: "string", default: "x" },
      "odd name": { type: "string", minLength: 9 },
    }),
    object({ text: { type: "string" } }),
  );
  assert.match(step.example, /^uses: \.\/a\.ts\nwith:\n {2}file: "\.\/example"\n/);
  assert.match(step.example, /\n {2}wait: "10s"\n {2}most: "1MiB"\n/);
  assert.match(step.example, /\n {2}text: "example"$/);
  assert.deepEqual(exampleParams(step)?.["many"], ["example", "example"]);
});

Deno.test("a step of others that has to be given nothing gets an example without with", () => {
  const step = exampleOf(object({ file: { type: "string" } }, []));
  assert.equal(step.example, "uses: ./a.ts");
  const text = `sluice: v1\nname: a\nsteps:\n  - id: a\n    ${step.example}\n`;
  assert.deepEqual(parseDocument(text, "x").diagnostics, []);
});
