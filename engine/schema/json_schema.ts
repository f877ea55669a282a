import { toJsonSchema } from "@valibot/to-json-schema";
import type { GenericSchema } from "valibot";
import type { Json } from "../json.ts";

/** The types of `engine/schema/types.ts`, which JSON Schema has no word for. */
export type SluiceType = "secret" | "path" | "duration" | "size" | "url";

/** The part of JSON Schema (draft-07) that definitions of steps come out as. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema | boolean>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly not?: JsonSchema;
  readonly if?: JsonSchema;
  readonly then?: JsonSchema;
  readonly else?: JsonSchema;
  readonly const?: Json;
  readonly enum?: readonly Json[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly title?: string;
  readonly description?: string;
  readonly default?: Json;
  readonly $schema?: string;
  readonly $id?: string;
  readonly $ref?: string;
  readonly dependencies?: Readonly<Record<string, readonly string[]>>;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
  /** Ours: what a text in YAML is converted by. */
  readonly sluice?: SluiceType;
}

/** Conditions that only code can tell; the schema leaves them out. */
const inexpressible = [
  "brand",
  "check",
  "check_items",
  "custom",
  "every_item",
  "normalize",
  "partial_check",
  "raw_check",
  "raw_transform",
  "readonly",
  "reduce_items",
  "some_item",
  "to_lower_case",
  "to_upper_case",
  "transform",
  "trim",
  "trim_end",
  "trim_start",
];

/**
 * The JSON Schema of a schema of a step. Durations and sizes are integers in it, marked by the key
 * `sluice`: that authors may write `10s` is a matter of YAML, see {@linkcode pipelineSchema}.
 *
 * @param direction `input`: what may be given; `output`: what parsing gives out, where a value with
 * a default is always there
 * @throws Error when the schema holds something that JSON has no form of, such as a class or a
 * recursion: a fault in the step's definition
 *
 * @example
 * ```ts
 * import * as v from "valibot";
 * import { jsonSchemaOf } from "./json_schema.ts";
 * import { duration } from "./types.ts";
 * import assert from "node:assert/strict";
 *
 * const schema = v.strictObject({ settle: v.optional(duration(), 5_000) });
 * assert.deepEqual(jsonSchemaOf(schema, "output").required, ["settle"]);
 * assert.equal(jsonSchemaOf(schema, "input").required, undefined);
 * ```
 */
export function jsonSchemaOf(schema: GenericSchema, direction: "input" | "output"): JsonSchema {
  const { $schema: _, ...rest } = toJsonSchema(schema as Parameters<typeof toJsonSchema>[0], {
    typeMode: direction,
    errorMode: "throw",
    ignoreActions: inexpressible,
  }) as JsonSchema;
  if ("$ref" in rest || "$defs" in rest) {
    throw new Error("the schema of a step must not be recursive");
  }
  return tidy(rest, direction);
}

/** Drops empty `required` lists; in output, adds what has a default to them. */
function tidy(schema: JsonSchema, direction: "input" | "output"): JsonSchema {
  const { required, properties, items, additionalProperties, anyOf, oneOf, allOf, ...rest } =
    schema;
  const each = (member: JsonSchema) => tidy(member, direction);
  const needed = Object.keys(properties ?? {}).filter((key) => {
    const property = properties![key];
    return required?.includes(key) ||
      (direction === "output" && typeof property === "object" && property.default !== undefined);
  });
  return {
    ...rest,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map((
          [key, value],
        ) => [key, typeof value === "boolean" ? value : each(value)]),
      ),
    }),
    ...(needed.length > 0 && { required: needed }),
    ...(items !== undefined &&
      { items: Array.isArray(items) ? items.map(each) : each(items as JsonSchema) }),
    ...(additionalProperties !== undefined && {
      additionalProperties: typeof additionalProperties === "boolean"
        ? additionalProperties
        : each(additionalProperties),
    }),
    ...(anyOf && { anyOf: anyOf.map(each) }),
    ...(oneOf && { oneOf: oneOf.map(each) }),
    ...(allOf && { allOf: allOf.map(each) }),
  };
}
