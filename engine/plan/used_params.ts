import type { Document, DocumentStep, Node } from "../document/document.ts";
import { references } from "../expression/analyse.ts";
import { parseExpression, parseTemplate } from "../expression/template.ts";
import type { LoadedPipeline } from "./load_includes.ts";

/** The parameters that the expressions of some steps name. */
export function usedParams(
  steps: readonly DocumentStep[],
  { text }: Document,
): ReadonlySet<string> {
  const used = steps.flatMap(({ when, with: input, for_each }) => [
    ...when ? references(parseExpression(when.value)).params : [],
    ...[input, for_each].filter((node): node is Node => node !== undefined)
      .flatMap((node) => references(parseTemplate(node, text).template).params),
  ]);
  return new Set(used);
}

/** The steps of a pipeline that run under `finally`, or include pipelines with such steps. */
export function stepsAtTheEnd({ document, includes }: LoadedPipeline): readonly DocumentStep[] {
  const outer = document.steps.filter(({ id }) => {
    const included = includes.get(id.value);
    return included !== undefined && stepsAtTheEnd(included).length > 0;
  });
  return [...outer, ...document.finally];
}
