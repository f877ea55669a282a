import type { Json, JsonObject } from "../json.ts";
import type { JsonSchema } from "./json_schema.ts";
import { itemSchema, memberSchema, objectBranches } from "./object_branches.ts";

/** A key that a schema has no place for. */
export interface UnknownKey {
  /** Keys and indices from the top to the unknown key, which is the last. */
  readonly path: readonly (string | number)[];
  readonly key: string;
  /** The keys that may stand there. */
  readonly known: readonly string[];
}

/**
 * All keys of a value, at every depth, that its schema does not know. A validator stops at the
 * first; authors want them all.
 *
 * @example
 * ```ts
 * import { unknownKeys } from "./unknown_keys.ts";
 * import assert from "node:assert/strict";
 *
 * const schema = {
 *   type: "object",
 *   properties: { url: { type: "string" } },
 *   additionalProperties: false,
 * };
 * assert.deepEqual(unknownKeys({ url: "", uri: "", x: 1 }, schema).map((fault) => fault.key), [
 *   "uri",
 *   "x",
 * ]);
 * ```
 */
export function unknownKeys(value: Json, schema: JsonSchema): readonly UnknownKey[] {
  const found: UnknownKey[] = [];
  walk(value, schema, [], found);
  return found;
}

function walk(
  value: Json,
  schema: JsonSchema,
  path: readonly (string | number)[],
  found: UnknownKey[],
): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      const inner = itemSchema(schema, index);
      if (inner) walk(item, inner, [...path, index], found);
    });
    return;
  }
  if (value === null || typeof value !== "object") return;
  const object = value as JsonObject;
  const branches = objectBranches(
    schema,
    (key) => Object.hasOwn(object, key) ? object[key] : undefined,
  );
  if (branches.length === 0) return;
  for (const [key, member] of Object.entries(object)) {
    const inner = memberSchema(branches, key);
    if (inner) {
      walk(member, inner, [...path, key], found);
    } else if (branches.every((branch) => branch.additionalProperties === false)) {
      const known = branches.flatMap((branch) => Object.keys(branch.properties ?? {}));
      found.push({ path: [...path, key], key, known: [...new Set(known)] });
    }
  }
}
