import type { Template } from "../plan/plan.ts";

/** Whether a template holds no expression. */
export function isKnown(template: Template): boolean {
  switch (template.kind) {
    case "value":
      return true;
    case "path":
    case "cel":
      return false;
    case "text":
      return template.parts.every(isKnown);
    case "list":
      return template.items.every(isKnown);
    case "map":
      return Object.values(template.entries).every(isKnown);
  }
}
