import type { Json } from "../json.ts";
import {
  boolType,
  type CelType,
  doubleType,
  dynType,
  type Field,
  intType,
  listOf,
  mapOf,
  neverType,
  nullType,
  stringType,
  unify,
  unifyAll,
} from "./cel_type.ts";

/** The words of JSON Schema (draft-07 and 2020-12) that say what a value is made of. */
export interface TypeSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, TypeSchema | boolean>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | TypeSchema;
  readonly items?: boolean | TypeSchema | readonly TypeSchema[];
  readonly prefixItems?: readonly TypeSchema[];
  readonly anyOf?: readonly TypeSchema[];
  readonly oneOf?: readonly TypeSchema[];
  readonly allOf?: readonly TypeSchema[];
  readonly const?: Json;
  readonly enum?: readonly Json[];
}

/**
 * The type of the values that a schema accepts. Members of one variant only are optional; what has
 * no common type, and what the schema leaves open, is `dyn`.
 *
 * @example
 * ```ts
 * import { celTypeOfJsonSchema } from "./cel_type_of_json_schema.ts";
 * import { showType } from "./cel_type.ts";
 * import assert from "node:assert/strict";
 *
 * const type = celTypeOfJsonSchema({ type: "array", items: { type: "integer" } });
 * assert.equal(showType(type), "list<int>");
 * ```
 */
export function celTypeOfJsonSchema(schema: TypeSchema | boolean): CelType {
  if (typeof schema === "boolean") return schema ? dynType : neverType;
  if (schema.const !== undefined) return typeOfJson(schema.const);
  if (schema.enum !== undefined) return unifyAll(schema.enum.map(typeOfJson)) ?? dynType;
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants !== undefined) return unifyAll(variants.map(celTypeOfJsonSchema)) ?? dynType;
  if (schema.allOf !== undefined) return ofAll(schema.allOf.map(celTypeOfJsonSchema));
  if (Array.isArray(schema.type)) {
    const types = schema.type.map((type) => celTypeOfJsonSchema({ ...schema, type }));
    return unifyAll(types) ?? dynType;
  }
  switch (schema.type) {
    case "string":
      return stringType;
    case "integer":
      return intType;
    case "number":
      return doubleType;
    case "boolean":
      return boolType;
    case "null":
      return nullType;
    case "array":
      return listOf(itemsOf(schema));
    case "object":
      return ofObject(schema);
    default:
      return dynType;
  }
}

/** The type of one known value. */
export function typeOfJson(value: Json): CelType {
  switch (typeof value) {
    case "string":
      return stringType;
    case "boolean":
      return boolType;
    case "number":
      return Number.isInteger(value) ? intType : doubleType;
  }
  if (value === null) return nullType;
  if (Array.isArray(value)) return listOf(unifyAll(value.map(typeOfJson)) ?? dynType);
  const fields = Object.entries(value).map(([name, member]): [string, Field] => [
    name,
    { type: typeOfJson(member), optional: false },
  ]);
  return { kind: "object", fields: Object.fromEntries(fields), closed: true };
}

function itemsOf({ items, prefixItems }: TypeSchema): CelType {
  const first: readonly TypeSchema[] = prefixItems ?? (Array.isArray(items) ? items : []);
  const rest = Array.isArray(items) ? undefined : items as TypeSchema | boolean | undefined;
  if (first.length === 0) return rest === undefined ? dynType : celTypeOfJsonSchema(rest);
  const types = first.map(celTypeOfJsonSchema);
  return unifyAll(rest === undefined ? types : [...types, celTypeOfJsonSchema(rest)]) ?? dynType;
}

function ofObject({ properties, required, additionalProperties: rest }: TypeSchema): CelType {
  const named = Object.entries(properties ?? {});
  if (named.length === 0 && rest !== false) {
    return mapOf(rest === undefined ? dynType : celTypeOfJsonSchema(rest));
  }
  const fields = named.map(([name, schema]): [string, Field] => [
    name,
    { type: celTypeOfJsonSchema(schema), optional: !(required?.includes(name) ?? false) },
  ]);
  return {
    kind: "object",
    fields: Object.fromEntries(fields),
    ...(rest === undefined || rest === false ? {} : { rest: celTypeOfJsonSchema(rest) }),
    closed: rest === false,
  };
}

/** Of objects: one with the members of all. Of others: the type they agree on. */
function ofAll(types: readonly CelType[]): CelType {
  return types.reduce((a, b): CelType => {
    if (a.kind !== "object" || b.kind !== "object") {
      return a.kind === "dyn" ? b : b.kind === "dyn" ? a : unify(a, b) ?? dynType;
    }
    const rest = a.rest ?? b.rest;
    return {
      kind: "object",
      fields: { ...a.fields, ...b.fields },
      ...(rest === undefined ? {} : { rest }),
      closed: a.closed || b.closed,
    };
  }, dynType);
}
