import type { Template } from "./plan.ts";

/**
 * A template as an author would write it, on one line.
 *
 * @example
 * ```ts
 * import { showTemplate } from "./show_template.ts";
 * import assert from "node:assert/strict";
 *
 * const name = { kind: "path", path: ["params", "name"], source: "params.name" } as const;
 * const parts = [{ kind: "value", value: "to " }, name] as const;
 * assert.equal(showTemplate({ kind: "text", parts }), "to ${{ params.name }}");
 * ```
 */
export function showTemplate(template: Template): string {
  switch (template.kind) {
    case "value":
      return typeof template.value === "string" ? template.value : JSON.stringify(template.value);
    case "path":
    case "cel":
      return `\${{ ${template.source.trim().replaceAll(/\s+/g, " ")} }}`;
    case "text":
      return template.parts.map(showTemplate).join("");
    case "list":
      return `[${template.items.map(showTemplate).join(", ")}]`;
    case "map": {
      const members = Object.entries(template.entries)
        .map(([key, value]) => `${key}: ${showTemplate(value)}`);
      return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
    }
  }
}
