import type { Document, DocumentStep, Node } from "../document/document.ts";
import { references } from "../expression/analyse.ts";
import { parseExpression, parseTemplate } from "../expression/template.ts";
import type { LoadedPipeline } from "./load_includes.ts";
import type { Report } from "./report.ts";

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

/** Warns of parameters that no expression of their pipeline names. */
export function warnUnused(document: Document, report: Report): void {
  const used = usedParams([...document.steps, ...document.finally], document);
  for (const { name } of document.params) {
    if (used.has(name.value)) continue;
    const message = `parameter ${JSON.stringify(name.value)} is never used`;
    report.warning("unused-parameter", name.span, message, "remove it");
  }
}

/** The steps of a pipeline that run under `finally`, or include pipelines with such steps. */
export function stepsAtTheEnd({ document, includes }: LoadedPipeline): readonly DocumentStep[] {
  const outer = document.steps.filter(({ id }) => {
    const included = includes.get(id.value);
    return included !== undefined && stepsAtTheEnd(included).length > 0;
  });
  return [...outer, ...document.finally];
}
