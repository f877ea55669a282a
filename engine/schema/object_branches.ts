import type { Json } from "../json.ts";
import type { JsonSchema } from "./json_schema.ts";

/**
 * The alternatives of a schema, `anyOf`, `oneOf` and `allOf` opened up: what a value may be, one
 * plain schema each.
 */
export function branchesOf(schema: JsonSchema): readonly JsonSchema[] {
  const inner = [...schema.anyOf ?? [], ...schema.oneOf ?? [], ...schema.allOf ?? []];
  return inner.length === 0 ? [schema] : inner.flatMap(branchesOf);
}

/**
 * Of the alternatives of a schema, those that an object with these members can mean: the ones whose
 * constants it has (`kind: url`), or all objects when it has none of them.
 */
export function objectBranches(
  schema: JsonSchema,
  member: (key: string) => Json | undefined,
): readonly JsonSchema[] {
  const objects = branchesOf(schema).filter((branch) => branch.type === "object");
  const chosen = objects.filter((branch) =>
    Object.entries(branch.properties ?? {}).some(([key, property]) =>
      typeof property === "object" && property.const !== undefined && property.const === member(key)
    )
  );
  return chosen.length > 0 ? chosen : objects;
}

/** The schema of one member of an object that any of these describes; `undefined` when none does. */
export function memberSchema(
  branches: readonly JsonSchema[],
  key: string,
): JsonSchema | undefined {
  const found = branches.flatMap((branch) => {
    const property = Object.hasOwn(branch.properties ?? {}, key)
      ? branch.properties![key]
      : branch.additionalProperties;
    return typeof property === "object" ? [property] : property === true ? [{}] : [];
  });
  return found.length === 0 ? undefined : found.length === 1 ? found[0] : { anyOf: found };
}

/** The schema of the items of a list at a place; `undefined` when nothing is known of them. */
export function itemSchema(schema: JsonSchema, index: number): JsonSchema | undefined {
  const found = branchesOf(schema).flatMap(({ items }) => {
    const item = Array.isArray(items) ? items[index] : items as JsonSchema | undefined;
    return item === undefined ? [] : [item];
  });
  return found.length === 0 ? undefined : found.length === 1 ? found[0] : { anyOf: found };
}
