import { FailedError, InvalidInputError } from "../errors.ts";
import type { Json } from "../json.ts";
import type { Template } from "../plan/plan.ts";
import type { Path } from "./path.ts";
import { toText } from "./text.ts";
import { EvaluationFault, readMember, toJson, type Value } from "./value.ts";

/** What expressions see at run time. */
export interface ExpressionValues {
  readonly params: Readonly<Record<string, Json>>;
  /** Facts by id. A step that was skipped or failed is absent, so that `has()` is false. */
  readonly steps: Readonly<Record<string, Json>>;
  readonly item?: Json;
  readonly run?: Json;
}

/**
 * The value of a template. Plain paths are followed without CEL; its library is loaded at the first
 * expression that is more than a path.
 *
 * @throws FailedError when the values do not allow it: an index outside a list, a fact that is not
 * there, a division by zero, too much work; it names the expression
 * @throws InvalidInputError when the expression is not CEL, which checking would have found
 *
 * @example
 * ```ts
 * import { evaluateTemplate } from "./evaluate.ts";
 * import { parseExpression } from "./template.ts";
 * import assert from "node:assert/strict";
 *
 * const values = { params: { root: "/opt", n: 2 }, steps: {} };
 * assert.equal(await evaluateTemplate(parseExpression("params.root"), values), "/opt");
 * assert.equal(await evaluateTemplate(parseExpression("params.n * 21"), values), 42);
 * ```
 */
export async function evaluateTemplate(
  template: Template,
  values: ExpressionValues,
): Promise<Json> {
  switch (template.kind) {
    case "value":
      return template.value;
    case "path":
      return evaluatePath(template.path, template.source, values);
    case "cel":
      return await evaluateCel(template.source, values);
    case "text": {
      const parts: string[] = [];
      for (const part of template.parts) {
        const value = await evaluateTemplate(part, values);
        parts.push(named(sourceOf(part), () => toText(value)));
      }
      return parts.join("");
    }
    case "list": {
      const items: Json[] = [];
      for (const item of template.items) items.push(await evaluateTemplate(item, values));
      return items;
    }
    case "map": {
      const entries: [string, Json][] = [];
      for (const [key, entry] of Object.entries(template.entries)) {
        entries.push([key, await evaluateTemplate(entry, values)]);
      }
      // Defines members, even one named __proto__, where an assignment would call a setter.
      return Object.fromEntries(entries);
    }
  }
}

function evaluatePath(path: Path, source: string, values: ExpressionValues): Json {
  return named(source, () => {
    const [root, ...keys] = path;
    let value = rootsOf(values).get(String(root));
    if (value === undefined) throw new EvaluationFault(`there is no ${root} here`);
    for (const key of keys) value = readMember(value, key);
    return value as Json;
  });
}

async function evaluateCel(source: string, values: ExpressionValues): Promise<Json> {
  const [{ parseSyntax }, { interpret, WorkLimitReached }] = await Promise.all([
    import("./syntax.ts"),
    import("./interpret.ts"),
  ]);
  const syntax = parseSyntax(source);
  if ("fault" in syntax) {
    const { message, hint } = syntax.fault;
    throw new InvalidInputError(`${quote(source)}: ${message}`, hint === undefined ? {} : { hint });
  }
  try {
    return named(source, () => toJson(interpret(syntax.ast, rootsOf(values))));
  } catch (error) {
    if (!(error instanceof WorkLimitReached)) throw error;
    throw new FailedError(`${quote(source)}: takes too much work with these values`, {
      hint: "let a step do this work",
      cause: error,
    });
  }
}

function rootsOf({ params, steps, item, run }: ExpressionValues): ReadonlyMap<string, Value> {
  const roots = new Map<string, Value>([["params", params], ["steps", steps]]);
  if (item !== undefined) roots.set("item", item);
  if (run !== undefined) roots.set("run", run);
  return roots;
}

/** Names the expression in what goes wrong with its values. */
function named<T>(source: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof EvaluationFault)) throw error;
    throw new FailedError(`${quote(source)}: ${error.message}`, { cause: error });
  }
}

function sourceOf(template: Template): string {
  return template.kind === "path" || template.kind === "cel" ? template.source : "…";
}

function quote(source: string): string {
  const text = source.trim();
  return `\${{ ${text.length > 120 ? `${text.slice(0, 119)}…` : text} }}`;
}
