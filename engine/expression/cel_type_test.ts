import { toJsonSchema } from "@valibot/to-json-schema";
import assert from "node:assert/strict";
import * as v from "valibot";
import type { ItemType, ParameterType } from "../document/document.ts";
import {
  boolType,
  type CelType,
  celTypeOfJsonSchema,
  celTypeOfParameter,
  doubleType,
  dynType,
  intType,
  isAssignable,
  listOf,
  mapOf,
  neverType,
  nullable,
  nullType,
  type ObjectType,
  showType,
  stringType,
  unify,
} from "./cel_type.ts";

const span = { file: "a.yaml", line: 1, column: 1, endLine: 1, endColumn: 2 };

function ofValibot(schema: v.GenericSchema): CelType {
  return celTypeOfJsonSchema(toJsonSchema(schema as Parameters<typeof toJsonSchema>[0]) as never);
}

function ofParameter(type: ParameterType, items?: ItemType): string {
  return showType(celTypeOfParameter({
    type: { value: type, span },
    ...(items === undefined ? {} : { items: { value: items, span } }),
  }));
}

function object(fields: Record<string, CelType>, closed = false): ObjectType {
  return {
    kind: "object",
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, type]) => {
        const optional = name.endsWith("?");
        return [optional ? name.slice(0, -1) : name, { type, optional }];
      }),
    ),
    closed,
  };
}

Deno.test("celTypeOfParameter() knows every type of parameter", () => {
  for (const type of ["string", "path", "url", "secret"] as const) {
    assert.equal(ofParameter(type), "string");
  }
  for (const type of ["integer", "duration", "size"] as const) {
    assert.equal(ofParameter(type), "int");
  }
  assert.equal(ofParameter("number"), "double");
  assert.equal(ofParameter("boolean"), "bool");
  assert.equal(ofParameter("list"), "list<string>");
  assert.equal(ofParameter("list", "size"), "list<int>");
  assert.equal(ofParameter("list", "map"), "list<map<string, string>>");
  assert.equal(ofParameter("map"), "map<string, string>");
});

Deno.test("celTypeOfJsonSchema() knows what valibot's schemas become", () => {
  const shown = (schema: v.GenericSchema) => showType(ofValibot(schema));
  assert.equal(shown(v.pipe(v.number(), v.integer())), "int");
  assert.equal(shown(v.number()), "double");
  assert.equal(shown(v.nullable(v.string())), "string or null");
  assert.equal(shown(v.picklist(["a", "b"])), "string");
  assert.equal(shown(v.literal(3)), "int");
  assert.equal(shown(v.null()), "null");
  assert.equal(shown(v.unknown()), "dyn");
  assert.equal(shown(v.union([v.string(), v.number()])), "dyn");
  assert.equal(shown(v.array(v.boolean())), "list<bool>");
  assert.equal(shown(v.tuple([v.string(), v.string()])), "list<string>");
  assert.equal(shown(v.strictTuple([v.string()])), "list<string>");
  assert.equal(shown(v.record(v.string(), v.number())), "map<string, double>");
  assert.equal(
    shown(v.object({ a: v.string(), b: v.optional(v.number()) })),
    "{a: string, b?: double}",
  );
});

Deno.test("celTypeOfJsonSchema() makes members of one variant optional", () => {
  const type = ofValibot(v.variant("kind", [
    v.object({ kind: v.literal("file"), path: v.string() }),
    v.object({ kind: v.literal("url"), url: v.string() }),
  ]));
  assert.equal(showType(type), "{kind: string, path?: string, url?: string}");
});

Deno.test("celTypeOfJsonSchema() reads lists of types, draft-07 tuples and members of allOf", () => {
  assert.equal(showType(celTypeOfJsonSchema({ type: ["integer", "null"] })), "int or null");
  const tuple = { type: "array", items: [{ type: "string" }, { type: "integer" }] };
  assert.equal(showType(celTypeOfJsonSchema(tuple)), "list<dyn>");
  const member = (name: string) => ({
    type: "object",
    properties: { [name]: { type: "string" } },
    required: [name],
  });
  const both = celTypeOfJsonSchema({ allOf: [member("a"), member("b")] });
  assert.equal(showType(both), "{a: string, b: string}");
});

Deno.test("celTypeOfJsonSchema() keeps names that objects have by nature apart", () => {
  const type = celTypeOfJsonSchema(JSON.parse(
    '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"string"}}}',
  )) as ObjectType;
  assert.deepEqual(Object.keys(type.fields), ["__proto__", "constructor"]);
  assert.equal(isAssignable(object({ a: stringType }), object({ toString: stringType })), false);
});

Deno.test("isAssignable() lets an int be a double, and nothing be a guess", () => {
  const yes: [CelType, CelType][] = [
    [intType, doubleType],
    [intType, dynType],
    [neverType, stringType],
    [listOf(neverType), listOf(stringType)],
    [listOf(intType), listOf(doubleType)],
    [nullType, nullable(stringType)],
    [stringType, nullable(stringType)],
    [nullable(intType), nullable(doubleType)],
    [object({ a: stringType, b: stringType }), mapOf(stringType)],
    [object({ a: stringType }), object({ a: stringType, "b?": intType })],
    [object({ a: stringType, b: intType }), object({ a: stringType })],
    [object({}), mapOf(intType)],
  ];
  const no: [CelType, CelType][] = [
    [doubleType, intType],
    [dynType, stringType],
    [listOf(dynType), listOf(stringType)],
    [nullable(stringType), stringType],
    [boolType, stringType],
    [stringType, listOf(stringType)],
    [object({ a: intType }), mapOf(stringType)],
    [mapOf(stringType), object({ a: stringType })],
    [object({ "a?": stringType }), object({ a: stringType })],
    [object({ a: stringType, b: intType }), object({ a: stringType }, true)],
    [object({ a: intType }), object({ a: stringType })],
  ];
  for (const [from, to] of yes) {
    assert.ok(isAssignable(from, to), `${showType(from)} to ${showType(to)}`);
  }
  for (const [from, to] of no) {
    assert.ok(!isAssignable(from, to), `${showType(from)} to ${showType(to)}`);
  }
});

Deno.test("unify() finds the narrowest common type", () => {
  const shown = (a: CelType, b: CelType) => {
    const type = unify(a, b);
    return type && showType(type);
  };
  assert.equal(shown(stringType, nullType), "string or null");
  assert.equal(shown(listOf(neverType), listOf(intType)), "list<int>");
  assert.equal(shown(intType, doubleType), undefined);
  assert.equal(shown(object({ a: intType }), object({ b: intType })), "{a?: int, b?: int}");
  assert.equal(shown(object({ a: intType }), object({ a: stringType })), undefined);
  assert.equal(shown(object({ a: intType }), mapOf(intType)), "map<string, int>");
});
