import assert from "node:assert/strict";
import * as v from "valibot";
import { jsonSchemaOf } from "./json_schema.ts";
import { duration, path, secret, size, url } from "./types.ts";

Deno.test("jsonSchemaOf() marks our own types", () => {
  const schema = jsonSchemaOf(
    v.strictObject({
      path: path(),
      key: secret(),
      wait: v.optional(duration(), 5_000),
      most: v.pipe(size(), v.description("Most bytes")),
      urls: v.array(url()),
    }) as v.GenericSchema,
    "input",
  );
  const marks = Object.entries(schema.properties!).map((
    [key, value],
  ) => [key, typeof value === "object" && (value.sluice ?? value.type)]);
  assert.deepEqual(Object.fromEntries(marks), {
    path: "path",
    key: "secret",
    wait: "duration",
    most: "size",
    urls: "array",
  });
  assert.deepEqual(schema.required, ["path", "key", "most", "urls"]);
});

Deno.test("jsonSchemaOf() says of output that what has a default is always there, at any depth", () => {
  const inner = v.object({ retries: v.optional(v.number(), 3), note: v.optional(v.string()) });
  const schema = jsonSchemaOf(v.object({ inner }) as v.GenericSchema, "output");
  const member = schema.properties?.inner;
  assert.deepEqual(typeof member === "object" && member.required, ["retries"]);
});

Deno.test("jsonSchemaOf() leaves out conditions that only code can tell", () => {
  const schema = v.pipe(v.string(), v.minLength(2), v.check((text) => text !== "no"));
  assert.deepEqual(jsonSchemaOf(schema as v.GenericSchema, "input"), {
    type: "string",
    minLength: 2,
  });
});

Deno.test("jsonSchemaOf() refuses what JSON has no form of", () => {
  interface Tree {
    readonly children: Tree[];
  }
  const tree: v.GenericSchema<Tree> = v.object({ children: v.array(v.lazy(() => tree)) });
  assert.throws(() => jsonSchemaOf(tree as v.GenericSchema, "input"), /recursive/);
  assert.throws(() => jsonSchemaOf(v.instance(Date) as v.GenericSchema, "input"), /instance/);
});
