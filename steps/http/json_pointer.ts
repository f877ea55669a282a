import type { Json } from "../../engine/json.ts";

/** Whether a text is a JSON pointer (RFC 6901) to something below the root: `/a/b`, `/list/0`. */
export const jsonPointerPattern = /^(?:\/(?:[^~/]|~[01])*)+$/;

/**
 * The value that a JSON pointer (RFC 6901) names, or `undefined` where there is none. Only own
 * members are found, never those of a prototype.
 *
 * @example
 * ```ts
 * import { atPointer } from "./json_pointer.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(atPointer({ models: [{ "a/b": 1 }] }, "/models/0/a~1b"), 1);
 * assert.equal(atPointer({ models: [] }, "/models/0"), undefined);
 * ```
 */
export function atPointer(value: Json, pointer: string): Json | undefined {
  let at: Json | undefined = value;
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (at === null || typeof at !== "object" || !Object.hasOwn(at, key)) return undefined;
    if (Array.isArray(at) && !/^(0|[1-9][0-9]*)$/.test(key)) return undefined;
    at = (at as Readonly<Record<string, Json>>)[key];
  }
  return at;
}
