// Whatever passes the check of guards runs, whichever facts are absent or null.
import fc from "fast-check";
import assert from "node:assert/strict";
import type { Json } from "../json.ts";
import { boolType, type CelType, type Field, nullable, stringType } from "./cel_type.ts";
import { checkExpression, type TypeScope } from "./check.ts";
import { evaluateTemplate } from "./evaluate.ts";
import { parseExpression } from "./template.ts";

function object(fields: Record<string, Field>): CelType {
  return { kind: "object", fields, closed: true };
}

const facts = object({
  x: { type: stringType, optional: false },
  z: { type: nullable(stringType), optional: false },
  o: { type: object({ n: { type: nullable(stringType), optional: true } }), optional: true },
});

const scope: TypeScope = {
  params: { on: boolType },
  steps: { a: { facts, optional: true }, "b-c": { facts, optional: false } },
};

const steps = ["steps.a", "steps['b-c']"];
const conditions = [
  "params.on",
  ...steps.flatMap((step) => [
    `has(${step})`,
    `has(${step}.x)`,
    `has(${step}.z)`,
    `has(${step}.o)`,
    `has(${step}.o.n)`,
    `${step}.z != null`,
    `null == ${step}.z`,
    `${step}.o.n != null`,
    `${step}.x == 'v'`,
    `${step}.z.size() > 0`,
    `${step}.o.n.size() > 0`,
  ]),
];

const condition = fc.letrec<{ bool: string }>((tie) => ({
  bool: fc.oneof(
    { maxDepth: 4, depthSize: "medium" },
    { weight: 2, arbitrary: fc.constantFrom(...conditions) },
    { weight: 3, arbitrary: fc.tuple(tie("bool"), tie("bool")).map(([a, b]) => `(${a} && ${b})`) },
    { weight: 2, arbitrary: fc.tuple(tie("bool"), tie("bool")).map(([a, b]) => `(${a} || ${b})`) },
    { weight: 1, arbitrary: tie("bool").map((a) => `!${a}`) },
    {
      weight: 2,
      arbitrary: fc.tuple(tie("bool"), tie("bool"), tie("bool"))
        .map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
    },
  ),
})).bool;

const someText = fc.constantFrom<Json>(null, "", "v");
const someFacts = fc.record({
  x: fc.constantFrom("", "v"),
  z: someText,
  o: fc.option(fc.record({ n: someText }, { requiredKeys: [] }), { nil: undefined }),
}).map(({ o, ...others }) => ({ ...others, ...(o === undefined ? {} : { o }) }));
const values = fc.record({ on: fc.boolean(), a: fc.option(someFacts), b: someFacts });

Deno.test("checkExpression() lets nothing through that a missing fact makes fail", async () => {
  let guarded = 0;
  await fc.assert(
    fc.asyncProperty(
      condition,
      fc.array(values, { minLength: 8, maxLength: 8 }),
      async (source, all) => {
        if (!("type" in checkExpression(source, scope))) return;
        if (/x ==|size/.test(source)) guarded++;
        for (const { on, a, b } of all) {
          const steps = { "b-c": b, ...(a === null ? {} : { a }) };
          const value = await evaluateTemplate(parseExpression(source), { params: { on }, steps });
          assert.equal(typeof value, "boolean", source);
        }
      },
    ),
    { numRuns: 5000 },
  );
  assert.ok(guarded > 50, `only ${guarded} of the expressions used what they guarded`);
});
