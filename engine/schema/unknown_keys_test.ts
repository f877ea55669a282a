import assert from "node:assert/strict";
import * as v from "valibot";
import { jsonSchemaOf } from "./json_schema.ts";
import { unknownKeys } from "./unknown_keys.ts";

const schema = jsonSchemaOf(
  v.strictObject({
    root: v.string(),
    nested: v.optional(v.strictObject({ deep: v.strictObject({ a: v.number() }) })),
    list: v.optional(v.array(v.strictObject({ x: v.number() }))),
    any: v.optional(v.unknown()),
    labels: v.optional(v.record(v.string(), v.strictObject({ value: v.string() }))),
    probe: v.optional(v.variant("kind", [
      v.strictObject({ kind: v.literal("url"), url: v.string() }),
      v.strictObject({ kind: v.literal("file"), path: v.string() }),
    ])),
  }) as v.GenericSchema,
  "input",
);

Deno.test("unknownKeys() finds all of them, at every depth, with their paths", () => {
  const value = {
    rot: "/",
    nested: { deep: { a: 1, b: 2 }, shallow: 1 },
    list: [{ x: 1 }, { y: 1 }],
    any: { what: { ever: 1 } },
    labels: { free: { value: "", valeu: "" } },
    probe: { kind: "url", path: "/" },
  };
  assert.deepEqual(
    unknownKeys(value, schema).map(({ path, known }) => `${path.join(".")}: ${known.join(" ")}`),
    [
      "rot: root nested list any labels probe",
      "nested.deep.b: a",
      "nested.shallow: deep",
      "list.1.y: x",
      "labels.free.valeu: value",
      "probe.path: kind url",
    ],
  );
});

Deno.test("unknownKeys() allows the keys of every variant while none is chosen", () => {
  const found = unknownKeys({ probe: { url: "", path: "", uri: "" } }, schema);
  assert.deepEqual(found.map(({ key }) => key), ["uri"]);
});

Deno.test("unknownKeys() takes no member that objects have by nature for a known key", () => {
  assert.deepEqual(unknownKeys({ constructor: 1, toString: 2 }, schema).map(({ key }) => key), [
    "constructor",
    "toString",
  ]);
});

Deno.test("unknownKeys() finds none where one alternative takes any key", () => {
  const open = v.union([v.strictObject({ a: v.string() }), v.looseObject({ b: v.string() })]);
  assert.deepEqual(unknownKeys({ c: 1 }, jsonSchemaOf(open as v.GenericSchema, "input")), []);
});
