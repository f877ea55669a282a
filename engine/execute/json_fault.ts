/**
 * The place of the first thing in a value that would not survive JSON, such as `.files[0]`;
 * `undefined` when there is none. A member that is `undefined` counts as absent.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { jsonFault } from "./json_fault.ts";
 *
 * assert.equal(jsonFault({ a: [1, "x"] }), undefined);
 * assert.equal(jsonFault({ a: [1, NaN] }), ".a[1]");
 * ```
 */
export function jsonFault(value: unknown): string | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
      return undefined;
    case "number":
      return Number.isFinite(value) ? undefined : "";
    case "object":
      break;
    default:
      return "";
  }
  if (value === null) return undefined;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const fault = jsonFault(item);
      if (fault !== undefined) return `[${index}]${fault}`;
    }
    return undefined;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return "";
  for (const [key, member] of Object.entries(value)) {
    const fault = member === undefined ? undefined : jsonFault(member);
    if (fault !== undefined) return `.${key}${fault}`;
  }
  return undefined;
}
