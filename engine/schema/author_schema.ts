import { durationPattern, formatDuration } from "../document/duration.ts";
import { formatSize, sizePattern } from "../document/size.ts";
import type { Json } from "../json.ts";
import type { JsonSchema, SluiceType } from "./json_schema.ts";

/** A text that is one expression and nothing else, so that it keeps its type. */
export const wholeExpression: JsonSchema = {
  type: "string",
  pattern: "^\\s*\\$\\{\\{[\\s\\S]*\\}\\}\\s*$",
};

/** A text with an expression in it. */
export const textWithExpression: JsonSchema = { type: "string", pattern: "\\$\\{\\{" };

/** What our own types look like in YAML, without expressions. */
export const authoredTypes: Readonly<Record<SluiceType, JsonSchema>> = {
  secret: { type: "string", pattern: "^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$" },
  path: { type: "string", pattern: "^[^,\\n\\0]+$" },
  url: { type: "string", pattern: "^https?://[^\\s@/?#]+([/?#]\\S*)?$" },
  duration: { type: "string", pattern: durationPattern },
  size: { anyOf: [{ type: "string", pattern: sizePattern }, { type: "integer", minimum: 0 }] },
};

/**
 * The schema of a value as its author writes it: any part of it may be `${{ … }}`, durations and
 * sizes are texts with a unit, and paths may be relative.
 *
 * @example
 * ```ts
 * import { authorSchema, wholeExpression } from "./author_schema.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(authorSchema({ type: "boolean" }), {
 *   anyOf: [{ type: "boolean" }, wholeExpression],
 * });
 * ```
 */
export function authorSchema(schema: JsonSchema): JsonSchema {
  const { description, title, default: fallback, ...rest } = schema;
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(fallback !== undefined && { default: authoredValue(fallback, schema.sluice) }),
    ...withExpressions(rest),
  };
}

function withExpressions(schema: JsonSchema): JsonSchema {
  const { sluice, anyOf, oneOf, allOf, properties, items, additionalProperties, ...rest } = schema;
  if (sluice !== undefined) {
    const isText = authoredTypes[sluice].type === "string" && sluice !== "duration";
    return either(authoredTypes[sluice], isText ? textWithExpression : wholeExpression);
  }
  const choices = anyOf ?? oneOf;
  if (choices) {
    // Not `oneOf`: an expression is each of them.
    return { ...rest, anyOf: distinct(choices.map(authorSchema).flatMap(opened)) };
  }
  if (allOf) return { ...rest, allOf: allOf.map(authorSchema) };
  if (rest.type === "object" || properties) {
    const inner = Object.entries(properties ?? {}).map(([key, property]) =>
      [key, typeof property === "boolean" ? property : authorSchema(property)] as const
    );
    return either({
      ...rest,
      ...(properties && { properties: Object.fromEntries(inner) }),
      ...(additionalProperties !== undefined && {
        additionalProperties: typeof additionalProperties === "boolean"
          ? additionalProperties
          : authorSchema(additionalProperties),
      }),
    }, wholeExpression);
  }
  if (rest.type === "array" || items !== undefined) {
    const inner = items === undefined ? {} : {
      items: Array.isArray(items) ? items.map(authorSchema) : authorSchema(items as JsonSchema),
    };
    return either({ ...rest, ...inner }, wholeExpression);
  }
  // Nothing is known of it, or it is a text that may be any: an expression is one already.
  const constrained = Object.keys(rest).some((key) => key !== "type");
  if (rest.type === "string") return constrained ? either(rest, textWithExpression) : rest;
  if (rest.type === undefined && !constrained) return rest;
  return either(rest, wholeExpression);
}

function either(...choices: readonly JsonSchema[]): JsonSchema {
  return { anyOf: choices.flatMap(opened) };
}

/** A schema that is nothing but alternatives, as these; so that they do not nest. */
function opened(schema: JsonSchema): readonly JsonSchema[] {
  const keys = Object.keys(schema);
  return schema.anyOf && keys.length === 1 ? schema.anyOf : [schema];
}

function distinct(schemas: readonly JsonSchema[]): readonly JsonSchema[] {
  const seen = new Map(schemas.map((schema) => [JSON.stringify(schema), schema]));
  return [...seen.values()];
}

/** A value of a definition as an author would write it: 5000 of a duration is `5s`. */
export function authoredValue(value: Json, type: SluiceType | undefined): Json {
  if (typeof value !== "number") return value;
  return type === "duration" ? formatDuration(value) : type === "size" ? formatSize(value) : value;
}
