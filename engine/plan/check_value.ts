import type { Node } from "../document/document.ts";
import { unitHint } from "../document/duration.ts";
import {
  type CelType,
  celTypeOfJsonSchema,
  isAssignable,
  showType,
} from "../expression/cel_type.ts";
import type { TypeScope } from "../expression/check.ts";
import { diagnoseExpression } from "../expression/diagnose.ts";
import { references } from "../expression/analyse.ts";
import { parseExpression, parseTemplate, type PlacedExpression } from "../expression/template.ts";
import type { JsonSchema } from "../schema/json_schema.ts";
import { branchesOf, itemSchema, memberSchema, objectBranches } from "../schema/object_branches.ts";
import { showPath, type ValuePath } from "./node_path.ts";
import type { Report } from "./report.ts";
import { schemaWords } from "./type_words.ts";

/** Where values of a document are judged. */
export interface ValueSite {
  readonly types: TypeScope;
  /** The whole text of the file. */
  readonly text: string;
  /** Steps whose facts nobody knows; expressions that name them are not judged. */
  readonly broken: ReadonlySet<string>;
  /** Whether nobody knows what `item` is, since `for_each` is faulty. */
  readonly brokenItem?: boolean;
  readonly report: Report;
}

/**
 * Checks the expressions within a value against its schema, and what literals only a person can
 * get wrong, at every depth.
 *
 * @param path names the value in messages
 * @returns whether it is sound; otherwise the faults have been reported
 */
export function checkValue(
  node: Node,
  schema: JsonSchema,
  path: ValuePath,
  site: ValueSite,
): boolean {
  if (node.kind === "list") {
    const sound = node.items.map((item, index) =>
      checkValue(item, itemSchema(schema, index) ?? {}, [...path, index], site)
    );
    return sound.every(Boolean);
  }
  if (node.kind === "map") {
    const member = (key: string) => {
      const value = node.entries.find((entry) => entry.key === key)?.value;
      return value?.kind === "scalar" ? value.value : undefined;
    };
    const branches = objectBranches(schema, member);
    const sound = node.entries.map(({ key, value }) =>
      checkValue(value, memberSchema(branches, key) ?? {}, [...path, key], site)
    );
    return sound.every(Boolean);
  }
  if (typeof node.value === "number") return checkNumber(node, schema, path, site);
  const { diagnostics, expressions } = parseTemplate(node, site.text);
  site.report.add(diagnostics);
  const sound = expressions.map((expression) => checkPart(expression, schema, path, site));
  return diagnostics.length === 0 && sound.every(Boolean);
}

/** The type of an expression; `undefined` where it has none, which has been reported. */
export function judgeExpression(
  expression: PlacedExpression,
  site: ValueSite,
): CelType | undefined {
  const { steps, usesItem } = references(parseExpression(expression.source));
  if ((usesItem && site.brokenItem) || steps.some((step) => isBroken(step, site.broken))) {
    return undefined;
  }
  const { type, diagnostics } = diagnoseExpression(expression, site.types);
  site.report.add(diagnostics);
  return type;
}

function isBroken(step: string, broken: ReadonlySet<string>): boolean {
  return broken.has(step) || [...broken].some((id) => step.startsWith(`${id}.`));
}

/** An expression must give what is wanted; within text it is part of one. */
function checkPart(
  expression: PlacedExpression,
  schema: JsonSchema,
  path: ValuePath,
  site: ValueSite,
): boolean {
  const type = judgeExpression(expression, site);
  if (type === undefined) return false;
  const given: CelType = expression.place === "whole" ? type : { kind: "string" };
  if (isAssignable(given, celTypeOfJsonSchema(schema))) return true;
  const name = JSON.stringify(showPath(path));
  const message = expression.place === "whole"
    ? `${name} must be ${schemaWords(schema)}, but the expression is ${showType(given)}`
    : `${name} must be ${schemaWords(schema)}, but with text around it the expression is text`;
  const hint = expression.place === "text"
    ? "let the expression be the whole value"
    : branchesOf(schema).some(({ type }) => type === "string")
    ? "convert it: string(…)"
    : undefined;
  site.report.error("ill-typed", expression.span, message, hint);
  return false;
}

/** A bare number says nothing of its unit. */
function checkNumber(
  node: Extract<Node, { kind: "scalar" }>,
  schema: JsonSchema,
  path: ValuePath,
  { report }: ValueSite,
): boolean {
  const branches = branchesOf(schema);
  const isDuration = branches.some(({ sluice }) => sluice === "duration");
  if (!isDuration || branches.some(({ const: only }) => only === node.value)) return true;
  const message = `${
    JSON.stringify(showPath(path))
  } must be a duration, not the number ${node.value}`;
  report.error("bad-duration", node.span, message, unitHint(String(node.value)));
  return false;
}
