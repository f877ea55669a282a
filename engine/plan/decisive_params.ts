import type { Span } from "../diagnostic.ts";
import type { DocumentStep, Node } from "../document/document.ts";
import { references } from "../expression/analyse.ts";
import { parseTemplate } from "../expression/template.ts";
import type { Registry } from "../registry.ts";
import { lateKeys } from "../schema/input_schema.ts";
import type { LoadedPipeline } from "./load_includes.ts";

/** Where a parameter of a pipeline reaches what permissions may depend on. */
export interface DecisiveUse {
  /** Full id of the first step that takes it. */
  readonly step: string;
  /** Full ids of all that do. */
  readonly steps: readonly string[];
  readonly uses: string;
  /** Its input, or `for_each`. */
  readonly key: string;
  /** Of that value, in the file of that step. */
  readonly span: Span;
}

/** By their names, the parameters of a pipeline that permissions may depend on. */
export type DecisiveParams = ReadonlyMap<string, DecisiveUse>;

/**
 * Finds the parameters that reach the `params` of a step, directly or by way of included pipelines,
 * or that say which steps there are (`for_each`). All others reach only `late`, or conditions: whatever
 * they are, the set of the plan is the same.
 */
export function decisiveParams(
  { document, includes }: LoadedPipeline,
  registry: Registry,
  prefix = "",
): DecisiveParams {
  const found = new Map<string, DecisiveUse>();
  const meet = (name: string, use: DecisiveUse) => {
    const known = found.get(name);
    const steps = [...new Set([...known?.steps ?? [], ...use.steps])];
    found.set(name, { ...known ?? use, steps });
  };
  for (const step of [...document.steps, ...document.finally]) {
    const id = prefix + step.id.value;
    for (const { key, node, use } of usesOf(step, id, includes, registry)) {
      for (const name of references(parseTemplate(node, document.text).template).params) {
        meet(name, use ?? { step: id, steps: [id], uses: step.uses.value, key, span: node.span });
      }
    }
  }
  return found;
}

interface Use {
  readonly key: string;
  readonly node: Node;
  /** Where it ends up, for a parameter of an included pipeline. */
  readonly use?: DecisiveUse;
}

function usesOf(
  step: DocumentStep,
  id: string,
  includes: LoadedPipeline["includes"],
  registry: Registry,
): readonly Use[] {
  const entries = step.with?.kind === "map" ? step.with.entries : [];
  const list = step.for_each === undefined ? [] : [{ key: "for_each", node: step.for_each }];
  if (step.uses.value === "pipeline") {
    const included = includes.get(step.id.value);
    const inner = included && decisiveParams(included, registry, `${id}.`);
    return entries.flatMap(({ key, value }) => {
      const use = inner?.get(key);
      return use === undefined ? [] : [{ key, node: value, use }];
    });
  }
  // Of a step that is not in the registry nobody knows what it depends on: on everything.
  const definition = registry.get(step.uses.value);
  const late = definition === undefined ? new Set<string>() : lateKeys(definition);
  const own = entries.filter(({ key }) => !late.has(key));
  return [...own.map(({ key, value }) => ({ key, node: value })), ...list];
}
