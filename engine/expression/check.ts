import type { CelType } from "./cel_type.ts";
import { showType } from "./cel_type.ts";
import type { Fault } from "./fault.ts";
import { judge } from "./judge.ts";
import { nothing } from "./narrowing.ts";
import { parseSyntax } from "./syntax.ts";
import type { TypeScope } from "./type_scope.ts";

export type { Fault } from "./fault.ts";
export type { StepFacts, TypeScope } from "./type_scope.ts";

export type Checked = { readonly type: CelType } | { readonly faults: readonly Fault[] };

/**
 * Finds the type of an expression before anything runs, or everything that is wrong with it: syntax,
 * names that do not exist, operations that no values of these types have, facts that may be absent
 * and are not guarded by `has()`, a result of unknown type, more than `limits` allows.
 *
 * What passes fails at run time only for what types cannot tell: an index outside a list, a key that
 * a map lacks, a division by zero, an overflow, or a value that was `dyn`.
 *
 * @param place `text` where the result stands within text, and so must have a form there
 *
 * @example
 * ```ts
 * import { checkExpression } from "./check.ts";
 * import { stringType } from "./cel_type.ts";
 * import assert from "node:assert/strict";
 *
 * const scope = { params: { root: stringType }, steps: {} };
 * assert.deepEqual(checkExpression("params.root + '/etc'", scope), { type: stringType });
 * const checked = checkExpression("params.rooot", scope);
 * assert.equal("faults" in checked && checked.faults[0]?.hint, "did you mean params.root?");
 * ```
 */
export function checkExpression(
  source: string,
  scope: TypeScope,
  place: "whole" | "text" = "whole",
): Checked {
  const syntax = parseSyntax(source);
  if ("fault" in syntax) return { faults: [syntax.fault] };
  const faults: Fault[] = [];
  const { type } = judge(syntax.ast, {
    source,
    scope,
    locals: new Map(),
    known: nothing,
    nesting: 0,
    faults,
    judge,
  });
  if (type !== undefined && faults.length === 0) {
    const refused = place === "text" ? refuseInText(type) : refuseWhole(type);
    if (refused === undefined) return { type };
    faults.push({ code: "ill-typed", ...refused, offset: 0, length: source.length });
  }
  return { faults: faults.sort((a, b) => a.offset - b.offset) };
}

type Refusal = Pick<Fault, "message" | "hint">;

function refuseWhole(type: CelType): Refusal | undefined {
  if (type.kind !== "dyn" && type.kind !== "never") return undefined;
  return {
    message: "the type of the result is not known when planning",
    hint: "convert it: string(…), int(…), double(…) or bool(…)",
  };
}

function refuseInText(type: CelType): Refusal | undefined {
  switch (type.kind) {
    case "string":
    case "int":
    case "double":
    case "bool":
      return undefined;
    case "dyn":
    case "never":
      return refuseWhole(type);
    case "null":
    case "nullable":
      return {
        message: `${showType(type)} cannot stand within text`,
        hint: "say what to write instead of null: value != null ? value : ''",
      };
    default:
      return {
        message: `a ${type.kind === "list" ? "list" : "map"} cannot stand within text`,
        hint: type.kind === "list"
          ? "join it: list.join(', '), or let the expression be the whole value"
          : "name one of its members, or let the expression be the whole value",
      };
  }
}
