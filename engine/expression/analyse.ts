import type { ASTNode } from "@marcbachmann/cel-js";
import type { Template } from "../plan/plan.ts";
import { children } from "./children.ts";
import type { Path } from "./path.ts";
import { parseSyntax } from "./syntax.ts";

export { isKnown } from "./is_known.ts";

/** The names that a template uses, each once, in the order of the text. */
export interface References {
  readonly params: readonly string[];
  readonly steps: readonly string[];
  readonly usesItem: boolean;
  readonly usesRun: boolean;
}

/**
 * What a template depends on. An expression that does not parse, and an index that is not literal
 * (which checking refuses), refer to nothing.
 *
 * @example
 * ```ts
 * import { references } from "./analyse.ts";
 * import { parseExpression } from "./template.ts";
 * import assert from "node:assert/strict";
 *
 * const { params, steps } = references(parseExpression("params.n + steps['P5-2'].size"));
 * assert.deepEqual([params, steps], [["n"], ["P5-2"]]);
 * ```
 */
export function references(template: Template): References {
  const params = new Set<string>();
  const steps = new Set<string>();
  const roots = new Set<string>();
  for (const path of pathsOf(template)) {
    const [root, name] = path;
    roots.add(String(root));
    if (root === "params" && typeof name === "string") params.add(name);
    if (root === "steps" && typeof name === "string") steps.add(name);
  }
  return {
    params: [...params],
    steps: [...steps],
    usesItem: roots.has("item"),
    usesRun: roots.has("run"),
  };
}

function pathsOf(template: Template): readonly Path[] {
  switch (template.kind) {
    case "value":
      return [];
    case "path":
      return [template.path];
    case "cel": {
      const syntax = parseSyntax(template.source);
      return "ast" in syntax ? pathsIn(syntax.ast) : [];
    }
    case "text":
      return template.parts.flatMap(pathsOf);
    case "list":
      return template.items.flatMap(pathsOf);
    case "map":
      return Object.values(template.entries).flatMap(pathsOf);
  }
}

/** The first two names of each path of an expression. */
function pathsIn(node: ASTNode): readonly Path[] {
  if (node.op === "id") return [[node.args]];
  if ((node.op === "." || node.op === "[]") && node.args[0].op === "id") {
    const [root, key] = node.args;
    if (typeof key === "string") return [[root.args, key]];
    const name = key.op === "value" && typeof key.args === "string" ? [key.args] : [];
    return [[root.args, ...name], ...pathsIn(key)];
  }
  return children(node).flatMap(pathsIn);
}
