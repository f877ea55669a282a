import type { CelType, ObjectType } from "../expression/cel_type.ts";
import type { TypeScope } from "../expression/check.ts";
import { judge } from "../expression/judge.ts";
import { type Known, nothing, notNull, presence } from "../expression/narrowing.ts";
import type { Path } from "../expression/path.ts";
import { parseSyntax } from "../expression/syntax.ts";

/**
 * The scope of a step's input, given that its `when` held: what the condition has proven to be
 * there by `has()`, or not to be null, needs no further guard.
 */
export function narrowScope(scope: TypeScope, condition: string): TypeScope {
  const known = provenBy(condition, scope);
  if (known.size === 0) return scope;
  const steps = Object.entries(scope.steps).map(([id, { facts, optional }]) => {
    const path = ["steps", id];
    return [id, {
      facts: narrow(facts, path, known),
      optional: optional && !known.has(presence(path)),
    }] as const;
  });
  return {
    ...scope,
    steps: Object.fromEntries(steps),
    ...(scope.item && { item: narrow(scope.item, ["item"], known) }),
  };
}

function provenBy(condition: string, scope: TypeScope): Known {
  const syntax = parseSyntax(condition);
  if ("fault" in syntax) return nothing;
  return judge(syntax.ast, {
    source: condition,
    scope,
    locals: new Map(),
    known: nothing,
    nesting: 0,
    faults: [],
    judge,
  }).whenTrue;
}

function narrow(type: CelType, path: Path, known: Known): CelType {
  if (type.kind === "nullable" && known.has(notNull(path))) return narrow(type.of, path, known);
  return type.kind === "object" ? narrowObject(type, path, known) : type;
}

function narrowObject(type: ObjectType, path: Path, known: Known): ObjectType {
  const fields = Object.entries(type.fields).map(([name, { type, optional }]) => {
    const inner = [...path, name];
    return [name, {
      type: narrow(type, inner, known),
      optional: optional && !known.has(presence(inner)),
    }] as const;
  });
  return { ...type, fields: Object.fromEntries(fields) };
}
