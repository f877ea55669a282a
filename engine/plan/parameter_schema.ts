import type { ItemType, Parameter } from "../document/document.ts";
import type { JsonSchema } from "../schema/json_schema.ts";

/** The JSON Schema of a parameter's values: what an included pipeline may be given. */
export function parameterSchema({ type, items }: Pick<Parameter, "type" | "items">): JsonSchema {
  return type.value === "list"
    ? { type: "array", items: ofType(items?.value ?? "string") }
    : ofType(type.value);
}

function ofType(type: ItemType | "secret"): JsonSchema {
  switch (type) {
    case "string":
    case "integer":
    case "number":
    case "boolean":
      return { type };
    case "path":
    case "url":
    case "secret":
      return { type: "string", sluice: type };
    case "duration":
    case "size":
      return { type: "integer", minimum: 0, sluice: type };
    case "map":
      return { type: "object", additionalProperties: { type: "string" } };
  }
}
