import type { DocumentStep } from "../document/document.ts";
import { showType } from "../expression/cel_type.ts";
import type { TypeScope } from "../expression/check.ts";
import { placeExpression } from "../expression/template.ts";
import { checkValue, judgeExpression, type ValueSite } from "./check_value.ts";
import type { LoadedPipeline } from "./load_includes.ts";
import { narrowScope } from "./narrow_scope.ts";
import type { Report } from "./report.ts";
import type { ParameterState } from "./scope_state.ts";
import { stepsAtTheEnd, usedParams } from "./used_params.ts";

/** Checks that a step's `when` is a condition. */
export function checkCondition({ when }: DocumentStep, site: ValueSite): void {
  if (when === undefined) return;
  const type = judgeExpression(placeExpression(when, site.text), site);
  if (type === undefined || type.kind === "bool") return;
  const message = `when must be bool, but the expression is ${showType(type)}`;
  site.report.error("ill-typed", when.span, message);
}

/** What a step's input may rely on once its `when` has held. */
export function narrowed(types: TypeScope, { when }: DocumentStep): TypeScope {
  return when === undefined ? types : narrowScope(types, when.value);
}

/**
 * What an included pipeline has under `finally` runs at the end, whatever has run before: the
 * condition of the step that includes it, and what its parameters take from facts, must stand that.
 *
 * @param site the types as they are at the end
 */
export function checkForFinally(
  step: DocumentStep,
  included: LoadedPipeline,
  params: ReadonlyMap<string, ParameterState>,
  site: ValueSite,
): void {
  const atTheEnd = stepsAtTheEnd(included);
  if (atTheEnd.length === 0) return;
  const reason = `; ${included.document.file} has steps under finally, for which this counts too`;
  const add: Report["add"] = (diagnostics) =>
    site.report.add(diagnostics.map((one) => ({ ...one, message: one.message + reason })));
  const told = { ...site, report: { ...site.report, add } };
  checkCondition(step, told);
  const used = usedParams(atTheEnd, included.document);
  for (const { key, value } of step.with?.kind === "map" ? step.with.entries : []) {
    if (used.has(key) && params.get(key)?.kind === "late") {
      checkValue(value, {}, [key], { ...told, types: narrowed(site.types, step) });
    }
  }
}
