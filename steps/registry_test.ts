// flags: --allow-read=. --ignore-env=LOG_TOKENS,LOG_STREAM
import assert from "node:assert/strict";
import { inputSchema } from "../engine/schema/input_schema.ts";
import { describeStep } from "../engine/schema/describe_step.ts";
import { pipelineSchema } from "../engine/schema/pipeline_schema.ts";
import { registry } from "./registry.ts";

for (const [name, step] of registry) {
  Deno.test(`${name} documents itself, with an example whose permissions are known`, () => {
    const { summary, example, permissions } = describeStep(step);
    assert.match(name, /^[a-z]+\.[a-z_]+$/);
    assert.match(summary, /^[A-Z][^\n]{3,58}[^.\n]$/);
    assert.ok(example.split("\n")[0] === `uses: ${name}`, example);
    assert.notEqual(permissions, undefined);
  });

  Deno.test(`${name} has input that authors and editors can be told of`, () => {
    assert.equal(inputSchema(step).additionalProperties, false);
  });
}

Deno.test("every step of the registry has its branch in the editor's schema", () => {
  const text = JSON.stringify(pipelineSchema(registry));
  for (const name of registry.keys()) assert.ok(text.includes(`{"const":"${name}"}`), name);
});
