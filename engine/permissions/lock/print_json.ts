/** Columns that a line may take. */
const width = 100;

/**
 * A value as JSON that reads well as a diff, and that `deno fmt` leaves as it is: a mapping has a line
 * for each member, a list of scalars stands on one line if it fits.
 *
 * @param indent how deep the value stands, in levels; its first line is not indented
 * @param before how many columns of its first line are taken already
 *
 * @example
 * ```ts
 * import { printJson } from "./print_json.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(printJson({ a: ["b", "c"], d: {} }), '{\n  "a": ["b", "c"],\n  "d": {}\n}');
 * ```
 */
export function printJson(value: unknown, indent = 0, before = indent * 2): string {
  const inner = "  ".repeat(indent + 1);
  const close = "  ".repeat(indent);
  if (Array.isArray(value)) {
    const isFlat = value.every((item) => typeof item !== "object" || item === null);
    const line = `[${value.map((item) => JSON.stringify(item)).join(", ")}]`;
    // One column for the comma that may follow.
    if (isFlat && before + line.length + 1 <= width || value.length === 0) return line;
    const items = value.map((item) => inner + printJson(item, indent + 1));
    return `[\n${items.join(",\n")}\n${close}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => {
    const name = `${JSON.stringify(key)}: `;
    return inner + name + printJson(member, indent + 1, inner.length + name.length);
  });
  return members.length === 0 ? "{}" : `{\n${members.join(",\n")}\n${close}}`;
}
