import { InvalidInputError } from "../errors.ts";
import type { Json } from "../json.ts";
import type { PlannedStep, Template } from "../plan/plan.ts";
import { showTemplate } from "../plan/show_template.ts";
import type { RunValues } from "./run_values.ts";

/**
 * The first condition of a step that does not hold, in words; `undefined` when all hold.
 *
 * @throws InvalidInputError when a condition has no value, or one that is no boolean
 */
export async function unmet(
  conditions: PlannedStep["when"],
  values: RunValues,
  item: Json | undefined,
): Promise<string | undefined> {
  for (const { scope, condition } of conditions) {
    const value = await values.evaluate(condition, scope, item);
    if (typeof value !== "boolean") {
      const got = JSON.stringify(value);
      throw new InvalidInputError(`when: ${showTemplate(condition)} is ${got}, not true or false`);
    }
    if (!value) return `when: ${showTemplate(condition)} is false`;
  }
}

/** Whether an expression may depend on a name such as `item` or `steps`; never wrongly says no. */
export function mentions(template: Template, names: readonly string[]): boolean {
  switch (template.kind) {
    case "value":
      return false;
    case "path":
      return names.includes(String(template.path[0]));
    case "cel":
      return names.some((name) => new RegExp(`\\b${name}\\b`).test(template.source));
    case "text":
      return template.parts.some((part) => mentions(part, names));
    case "list":
      return template.items.some((item) => mentions(item, names));
    case "map":
      return Object.values(template.entries).some((entry) => mentions(entry, names));
  }
}
