import type { DocumentStep, Node } from "../document/document.ts";
import { InvalidInputError } from "../errors.ts";
import { type CelType, dynType, listOf, showType, unifyAll } from "../expression/cel_type.ts";
import { typeOfJson } from "../expression/cel_type_of_json_schema.ts";
import { foldTemplate } from "../expression/fold.ts";
import { parseTemplate } from "../expression/template.ts";
import type { Json } from "../json.ts";
import { checkValue, judgeExpression, type ValueSite } from "./check_value.ts";
import type { Template } from "./plan.ts";
import { knownValues, type Origin, originOf, type ScopeState } from "./scope_state.ts";

/** Most items of a list that is known when planning. */
export const itemLimit = 1_000;

/** What a step runs for. `types` are those that its input is checked with as `item`. */
export type Items =
  | { readonly kind: "once" }
  | { readonly kind: "known"; readonly values: readonly Json[]; readonly types: readonly CelType[] }
  /** The values are not given yet. */
  | { readonly kind: "unknown"; readonly types: readonly CelType[] }
  | {
    readonly kind: "late";
    readonly template: Template;
    readonly origin: Origin;
    readonly types: readonly CelType[];
  }
  /** The fault has been reported. */
  | { readonly kind: "faulty" };

/** Reads a step's `for_each`. */
export async function readItems(
  { for_each: node }: DocumentStep,
  scope: ScopeState,
  site: ValueSite,
): Promise<Items> {
  if (node === undefined) return { kind: "once" };
  const types = itemTypes(node, site);
  if (types === undefined) return { kind: "faulty" };
  const { template } = parseTemplate(node, site.text);
  const origin = originOf(template, scope);
  if (origin) return { kind: "late", template, origin, types };
  let folded: Template;
  try {
    folded = await foldTemplate(template, knownValues(scope));
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    site.report.error("expression-failed", node.span, error.message, error.hint);
    return { kind: "faulty" };
  }
  if (folded.kind !== "value") return { kind: "unknown", types };
  const values = folded.value as readonly Json[];
  if (values.length <= itemLimit) return { kind: "known", values, types };
  const message = `for_each has ${values.length} items; ${itemLimit} may be known when planning`;
  site.report.error("too-many-items", node.span, message, "let one step take the whole list");
  return { kind: "faulty" };
}

/** The types of the items, each once; `undefined` when there is a fault, which was reported. */
function itemTypes(node: Node, site: ValueSite): readonly CelType[] | undefined {
  if (node.kind === "list") {
    if (!checkValue(node, {}, ["for_each"], site)) return undefined;
    const types = node.items.map((item) => typeOfNode(item, site));
    return [...new Map(types.map((type) => [JSON.stringify(type), type])).values()];
  }
  const { diagnostics, expressions: [expression] } = parseTemplate(node, site.text);
  site.report.add(diagnostics);
  const type = expression && judgeExpression(expression, site);
  if (type === undefined) return undefined;
  if (type.kind === "list") return type.items.kind === "never" ? [] : [type.items];
  const message = `for_each must be a list, but the expression is ${showType(type)}`;
  site.report.error("ill-typed", expression!.span, message);
  return undefined;
}

function typeOfNode(node: Node, site: ValueSite): CelType {
  const { template, expressions } = parseTemplate(node, site.text);
  if (template.kind === "value") return typeOfJson(template.value);
  switch (node.kind) {
    case "scalar": {
      const [only] = expressions;
      return only?.place === "whole" ? judgeExpression(only, site) ?? dynType : { kind: "string" };
    }
    case "list":
      return listOf(unifyAll(node.items.map((item) => typeOfNode(item, site))) ?? dynType);
    case "map": {
      const fields = node.entries.map(({ key, value }) =>
        [key, { type: typeOfNode(value, site), optional: false }] as const
      );
      return { kind: "object", fields: Object.fromEntries(fields), closed: true };
    }
  }
}
