import assert from "node:assert/strict";
import { Ajv } from "ajv";
import fc from "fast-check";
import * as v from "valibot";
import type { Json } from "../json.ts";
import { type JsonSchema, jsonSchemaOf } from "../schema/json_schema.ts";
import { ForeignFault } from "./foreign_fault.ts";
import { readSchema } from "./read_schema.ts";
import { schemaOf } from "./schema_of.ts";

const strict = new Ajv({ strict: true, strictTypes: false });
const lax = new Ajv({ strict: false });

const scalar = fc.oneof(fc.constantFrom("a", "b", "long text"), fc.integer(), fc.boolean());

/** Schemas as somebody might write them. */
const anySchema = fc.letrec<{ schema: JsonSchema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.record({
      type: fc.constant("string"),
      minLength: fc.nat(3),
      maxLength: fc.integer({ min: 3, max: 9 }),
    }, { requiredKeys: ["type"] }),
    fc.record({
      type: fc.constantFrom("integer", "number"),
      minimum: fc.integer({ min: -5, max: 0 }),
      exclusiveMaximum: fc.integer({ min: 1, max: 9 }),
      multipleOf: fc.constantFrom(1, 2),
    }, { requiredKeys: ["type"] }),
    fc.constantFrom<JsonSchema>({ type: "boolean" }, { type: "null" }, {}),
    fc.record({ const: scalar }),
    fc.record({ enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 3 }) }),
    fc.record({ type: fc.constant(["string", "null", "array"]) }),
    fc.record({
      type: fc.constant("array"),
      items: tie("schema"),
      minItems: fc.nat(1),
      maxItems: fc.integer({ min: 1, max: 3 }),
    }, { requiredKeys: ["type"] }),
    fc.record({ anyOf: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }) }),
    fc.record({
      type: fc.constant("object"),
      properties: fc.record({ a: tie("schema"), b: tie("schema") }),
      required: fc.subarray(["a", "b"]),
      additionalProperties: fc.oneof(fc.boolean(), tie("schema")),
    }, { requiredKeys: ["type", "properties"] }),
    fc.record({ type: fc.constant("object"), additionalProperties: tie("schema") }),
  ) as fc.Arbitrary<JsonSchema>,
})).schema;

const anyValue = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.constantFrom(null, 2.5, ""),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "c"), tie("value"), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  ) as fc.Arbitrary<Json>,
})).value;

Deno.test("schemaOf() takes all that JSON Schema takes, and gives out nothing else", () => {
  let accepted = 0;
  fc.assert(
    fc.property(anySchema, fc.array(anyValue, { minLength: 5, maxLength: 5 }), (given, values) => {
      const schema = readSchema(given, "schema");
      const own = schemaOf(schema, "schema");
      const other = strict.compile(schema);
      for (const value of values) {
        const accepts = other(value);
        const parsed = v.safeParse(own, value);
        const shown = JSON.stringify({ schema, value });
        if (accepts) assert.deepEqual(parsed.output, value, shown);
        if (parsed.success) assert.ok(other(parsed.output), shown);
        if (accepts) accepted++;
      }
    }),
    { numRuns: 300 },
  );
  assert.ok(accepted > 100, `only ${accepted} values were accepted at all`);
});

Deno.test("schemaOf() takes a list as one, however deep the choice that takes it", () => {
  const object = { type: "object", additionalProperties: { type: "string" } } as const;
  const list = { type: "array", items: { type: "string" } } as const;
  const numbers = { type: "array", items: { type: "number" } } as const;
  for (
    const anyOf of [
      [{ anyOf: [object, { type: "string" }] }, list],
      [{ anyOf: [object, numbers] }, { anyOf: [object, list] }],
    ] as const
  ) {
    const schema = schemaOf(readSchema({ anyOf }, "schema"), "schema");
    for (const value of [[], ["a"]]) assert.deepEqual(v.parse(schema, value), value);
  }
});

Deno.test("jsonSchemaOf() leads back from schemaOf() to a schema that accepts the same", () => {
  fc.assert(
    fc.property(anySchema, fc.array(anyValue, { minLength: 3, maxLength: 3 }), (given, values) => {
      const schema = readSchema(given, "schema");
      const back = jsonSchemaOf(schemaOf(schema, "schema"), "input");
      const [one, other] = [strict.compile(schema), lax.compile(back)];
      for (const value of values) assert.equal(one(value), other(value), JSON.stringify(back));
    }),
    { numRuns: 100 },
  );
});

Deno.test("readSchema() is done once: what it gives out it gives out again", () => {
  fc.assert(fc.property(anySchema, (given) => {
    const schema = readSchema(given, "schema");
    assert.deepEqual(readSchema(schema, "schema"), schema);
  }));
});

Deno.test("readSchema() refuses what has no place in it, and says where", () => {
  const refuses = (schema: unknown, message: RegExp) =>
    assert.throws(
      () => readSchema(schema, "params"),
      (error) => error instanceof ForeignFault && message.test(error.message),
    );
  const member = (schema: unknown) => ({ type: "object", properties: { a: schema } });
  refuses(null, /^params has to be a JSON Schema/);
  refuses(member(3), /^params\.properties\.a has to be a JSON Schema/);
  refuses(member({ type: "text" }), /^params\.properties\.a\.type has to be one of string/);
  refuses(member({ type: "string", pattern: "(a+)+$" }), /properties\.a\.pattern is a word/);
  refuses(member({ type: "string", format: "uri" }), /properties\.a\.format is a word/);
  refuses(member({ $ref: "#" }), /properties\.a\.\$ref is a word/);
  refuses(member({ type: "string", minimum: 3 }), /properties\.a\.minimum is a word/);
  refuses(member({ type: "string", minLength: -1 }), /minLength has to be a whole number/);
  refuses(member({ type: "string", sluice: "duration" }), /sluice cannot be "duration"/);
  refuses(member({ type: "string", sluice: "path2" }), /sluice has to be one of/);
  refuses(member({ const: {} }), /const has to be a text/);
  refuses(member({ enum: [] }), /enum has to be a list/);
  refuses({ type: "object", properties: {}, required: ["a"] }, /names "a", which is no property/);
  refuses(JSON.parse('{"type":"object","properties":{"__proto__":{}}}'), /is no name of a member/);
  refuses(member({ oneOf: [{ type: "string" }, { type: "number" }] }), /oneOf needs objects/);
  refuses(member({ type: [] }), /type has to name at least one/);
});

Deno.test("readSchema() refuses what nobody can read to its end", () => {
  let deep: unknown = {};
  for (let level = 0; level < 20; level++) deep = { type: "array", items: deep };
  assert.throws(() => readSchema(deep, "facts"), /more than 16 levels deep/);
  const wide = { anyOf: Array.from({ length: 2000 }, () => ({ type: "null" })) };
  assert.throws(() => readSchema(wide, "facts"), /more than 1000 parts/);
});

Deno.test("schemaOf() refuses a default that is no value of its own schema", () => {
  const schema = readSchema({
    type: "object",
    properties: { wait: { type: "integer", minimum: 3, default: 1 } },
  }, "params");
  assert.throws(() => schemaOf(schema, "params"), /params\.properties\.wait\.default is wrong/);
});

Deno.test("schemaOf() tells objects apart by their constant, with a fault at one place", () => {
  const choice = (kind: string, more: object) => ({
    type: "object",
    properties: { kind: { const: kind }, ...more },
    required: ["kind", ...Object.keys(more)],
  });
  const schema = schemaOf(
    readSchema({ oneOf: [choice("a", { n: { type: "integer" } }), choice("b", {})] }, "facts"),
    "facts",
  );
  const { issues = [] } = v.safeParse(schema, { kind: "a", n: "x" });
  assert.deepEqual(issues.map((issue) => v.getDotPath(issue)), ["n"]);
});
