import * as v from "valibot";
import type { Json } from "../json.ts";
import type { JsonSchema } from "../schema/json_schema.ts";
import { duration, path, secret, size, url } from "../schema/types.ts";
import { ForeignFault } from "./foreign_fault.ts";
import { discriminator } from "./read_schema.ts";

type Any = v.GenericSchema<unknown, unknown>;

/**
 * The schema that validates what a JSON Schema describes, so that a step of others is held to its
 * parameters and facts by the same code, and with the same words, as one of the registry. Takes what
 * {@linkcode readSchema} gives out and no more; `jsonSchemaOf` leads back. Like all schemas of steps
 * it takes an empty list for an empty object, and gives out the object.
 *
 * @param where names it in messages, such as `params`
 * @throws ForeignFault where a default is no value of its own schema
 *
 * @example
 * ```ts
 * import * as v from "valibot";
 * import { schemaOf } from "./schema_of.ts";
 * import assert from "node:assert/strict";
 *
 * const schema = schemaOf({
 *   type: "object",
 *   properties: { wait: { type: "integer", default: 5 } },
 *   additionalProperties: false,
 * }, "params");
 * assert.deepEqual(v.parse(schema, {}), { wait: 5 });
 * assert.ok(!v.is(schema, { wait: "5" }));
 * ```
 */
export function schemaOf(schema: JsonSchema, where: string): Any {
  const { title, description } = schema;
  const plain = withoutWords(schema, where);
  const titled = title === undefined ? plain : v.pipe(plain, v.title(title));
  return description === undefined ? titled : v.pipe(titled, v.description(description));
}

function withoutWords(schema: JsonSchema, where: string): Any {
  const { anyOf, oneOf } = schema;
  if (anyOf) {
    // A list passes for an object here: what takes lists is tried before, of all choices.
    const isObject = ({ schema }: Choice) => Number(schema.type === "object");
    const order = choicesOf(anyOf, where).sort((one, other) => isObject(one) - isObject(other));
    return v.union(order.map(({ schema, at }) => schemaOf(schema, at)));
  }
  if (oneOf) {
    const choices = oneOf.map((one, index) => schemaOf(one, `${where}.oneOf[${index}]`));
    return v.variant(discriminator(oneOf)!, choices as never) as unknown as Any;
  }
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum) {
    const texts = schema.enum.filter((value) => typeof value === "string");
    return texts.length === schema.enum.length
      ? v.picklist(texts)
      : v.union(schema.enum.map(literal));
  }
  switch (schema.type) {
    case "string":
      return ofString(schema);
    case "integer":
    case "number":
      return ofNumber(schema);
    case "boolean":
      return v.boolean();
    case "null":
      return v.null();
    case "array":
      return ofArray(schema, where);
    case "object":
      return ofObject(schema, where);
    default:
      return v.unknown();
  }
}

interface Choice {
  readonly schema: JsonSchema;
  readonly at: string;
}

/** Those of an `anyOf`, and of each that is one of its choices. */
function choicesOf(anyOf: readonly JsonSchema[], where: string): Choice[] {
  return anyOf.flatMap((schema, index) => {
    const at = `${where}.anyOf[${index}]`;
    return schema.anyOf ? choicesOf(schema.anyOf, at) : [{ schema, at }];
  });
}

function literal(value: Json): Any {
  return v.literal(value as string);
}

function ofString({ minLength, maxLength, sluice }: JsonSchema): Any {
  const text: v.GenericSchema<unknown, string> = sluice === "path"
    ? path()
    : sluice === "url"
    ? url()
    : sluice === "secret"
    ? secret()
    : v.string();
  return chain(text, [
    minLength === undefined ? undefined : v.minLength(minLength),
    maxLength === undefined ? undefined : v.maxLength(maxLength),
  ]);
}

function ofNumber(schema: JsonSchema): Any {
  const { type, sluice, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const number: v.GenericSchema<unknown, number> = sluice === "duration"
    ? duration()
    : sluice === "size"
    ? size()
    : type === "integer"
    ? v.pipe(v.number(), v.integer())
    : v.number();
  return chain(number, [
    minimum === undefined ? undefined : v.minValue(minimum),
    maximum === undefined ? undefined : v.maxValue(maximum),
    exclusiveMinimum === undefined ? undefined : v.gtValue(exclusiveMinimum),
    exclusiveMaximum === undefined ? undefined : v.ltValue(exclusiveMaximum),
    schema.multipleOf === undefined ? undefined : v.multipleOf(schema.multipleOf),
  ]);
}

function ofArray({ items, minItems, maxItems }: JsonSchema, where: string): Any {
  const list: Any = Array.isArray(items)
    ? v.tuple(items.map((item, index) => schemaOf(item, `${where}.items[${index}]`)))
    : v.array(items === undefined ? v.unknown() : schemaOf(items as JsonSchema, `${where}.items`));
  return chain(list as v.GenericSchema<unknown, unknown[]>, [
    minItems === undefined ? undefined : v.minLength(minItems),
    maxItems === undefined ? undefined : v.maxLength(maxItems),
  ]);
}

function ofObject(schema: JsonSchema, where: string): Any {
  const { properties = {}, required = [], additionalProperties: rest } = schema;
  const entries = Object.fromEntries(
    Object.entries(properties).map(([name, member]) => {
      const at = `${where}.properties.${name}`;
      const known = member as JsonSchema;
      const each = schemaOf(known, at);
      if (required.includes(name)) return [name, each];
      if (known.default === undefined) return [name, v.exactOptional(each)];
      const parsed = v.safeParse(each, known.default);
      if (parsed.success) return [name, v.optional(each, known.default as never)];
      throw new ForeignFault(`${at}.default is wrong: ${parsed.issues[0].message}`);
    }),
  );
  if (rest === false) return v.strictObject(entries);
  const named = Object.keys(entries).length > 0;
  if (typeof rest === "object") {
    const others = schemaOf(rest, `${where}.additionalProperties`);
    return named ? v.objectWithRest(entries, others) : v.record(v.string(), others);
  }
  return named ? v.looseObject(entries) : v.record(v.string(), v.unknown());
}

function chain<T>(
  schema: v.GenericSchema<unknown, T>,
  actions: readonly (v.GenericValidation<T> | undefined)[],
): Any {
  return actions.reduce<v.GenericSchema<unknown, T>>(
    (all, action) => action === undefined ? all : v.pipe(all, action),
    schema,
  ) as Any;
}
