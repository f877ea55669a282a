import type { Json } from "../json.ts";
import { authoredValue } from "./author_schema.ts";
import type { JsonSchema, SluiceType } from "./json_schema.ts";
import { branchesOf, objectBranches } from "./object_branches.ts";

/** Letters of a text, and items of a list, in an example: whoever wants more is given too few. */
const most = { letters: 80, items: 5 };

/**
 * Something that fits a schema, as an author would write it: for an object, the members that it has to
 * have. What a pattern wants, nobody can guess, and nobody reads an example that is long.
 *
 * @example
 * ```ts
 * import { exampleInput } from "./example_input.ts";
 * import assert from "node:assert/strict";
 *
 * const file = { type: "string", sluice: "path" } as const;
 * const schema = { type: "object", properties: { file }, required: ["file"] } as const;
 * assert.deepEqual(exampleInput(schema), { file: "./example" });
 * ```
 */
export function exampleInput(schema: JsonSchema, items = most.items): Json {
  const branch = branchesOf(schema)[0] ?? {};
  const { sluice, minimum = 1, maximum = Infinity } = branch;
  const known = schema.default ?? branch.default ?? branch.const ?? branch.enum?.[0];
  if (known !== undefined) return authoredValue(known, sluice);
  const least = Math.min(Math.max(minimum, (branch.exclusiveMinimum ?? 0) + 1), maximum);
  if (sluice === "duration" || sluice === "size") {
    return authoredValue(Math.max(least, sluice === "duration" ? 10_000 : 2 ** 20), sluice);
  }
  if (sluice !== undefined) return texts[sluice];
  switch (branch.type) {
    case "object":
      return exampleMembers(branch, items);
    case "array": {
      const item = branch.items as JsonSchema | undefined;
      const each = Array.isArray(item) ? item as readonly JsonSchema[] : undefined;
      // Lists in lists would be many.
      return Array.from(
        { length: Math.min(branch.minItems ?? 0, items) },
        (_, n) => exampleInput(each?.[n] ?? item ?? {}, 1),
      );
    }
    case "integer":
    case "number":
      return least;
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return "example".padEnd(Math.min(branch.minLength ?? 0, most.letters), "e")
        .slice(0, branch.maxLength);
  }
}

/** Members of an object that have to be there. */
function exampleMembers(
  schema: JsonSchema,
  items: number,
): { readonly [name: string]: Json } {
  const [{ properties = {}, required = [] } = {}] = objectBranches(schema, () => undefined);
  return Object.fromEntries(required.map((name) => {
    const member = properties[name];
    return [name, typeof member === "object" ? exampleInput(member, items) : "example"];
  }));
}

const texts: Readonly<Record<Exclude<SluiceType, "duration" | "size">, string>> = {
  path: "./example",
  url: "http://127.0.0.1:8080/",
  secret: "env:EXAMPLE",
};
