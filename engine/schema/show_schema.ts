import type { JsonSchema } from "./json_schema.ts";

/**
 * The type that a schema describes, in a few words: `path`, `list of string`, `"a" | "b"`.
 *
 * @example
 * ```ts
 * import { showSchema } from "./show_schema.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(showSchema({ type: "array", items: { type: "string", sluice: "path" } }), "list of path");
 * ```
 */
export function showSchema(schema: JsonSchema): string {
  if (schema.sluice !== undefined) return schema.sluice;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map(showSchema))].join(" | ");
  if (schema.allOf) return schema.allOf.map(showSchema).join(" & ");
  if (schema.type === "array") {
    const { items } = schema;
    if (Array.isArray(items)) return `[${items.map(showSchema).join(", ")}]`;
    const inner = items === undefined ? "anything" : showSchema(items as JsonSchema);
    return `list of ${/[|&]/.test(inner) ? `(${inner})` : inner}`;
  }
  if (schema.type === "object") return showObject(schema);
  if (schema.type === undefined) return "anything";
  return Array.isArray(schema.type) ? schema.type.join(" | ") : schema.type as string;
}

function showObject({ properties, required = [], additionalProperties }: JsonSchema): string {
  const members = Object.entries(properties ?? {}).map(([key, member]) =>
    `${key}${required.includes(key) ? "" : "?"}: ${
      typeof member === "boolean" ? "anything" : showSchema(member)
    }`
  );
  if (members.length > 0) return `{ ${members.join(", ")} }`;
  return typeof additionalProperties === "object"
    ? `mapping to ${showSchema(additionalProperties)}`
    : "mapping";
}
