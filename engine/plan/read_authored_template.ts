import type { JsonSchema } from "../schema/json_schema.ts";
import { itemSchema, memberSchema, objectBranches } from "../schema/object_branches.ts";
import { readAuthored } from "../schema/read_authored.ts";
import type { Template } from "./plan.ts";

/** As {@linkcode readAuthored}, of the parts of a template that are known. */
export function readAuthoredTemplate(
  template: Template,
  schema: JsonSchema,
  folder: string,
): Template {
  switch (template.kind) {
    case "value":
      return { kind: "value", value: readAuthored(template.value, schema, folder) };
    case "list": {
      const items = template.items.map((item, index) =>
        readAuthoredTemplate(item, itemSchema(schema, index) ?? {}, folder)
      );
      return { kind: "list", items };
    }
    case "map": {
      const { entries } = template;
      const branches = objectBranches(schema, (key) => {
        const member = Object.hasOwn(entries, key) ? entries[key] : undefined;
        return member?.kind === "value" ? member.value : undefined;
      });
      const read = Object.entries(entries).map((
        [key, member],
      ) => [key, readAuthoredTemplate(member, memberSchema(branches, key) ?? {}, folder)] as const);
      return { kind: "map", entries: Object.fromEntries(read) };
    }
    default:
      return template;
  }
}
