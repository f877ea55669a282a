import { renderDiagnostics } from "../../engine/document/render.ts";
import type { TokenForm } from "../../engine/events/token_form.ts";
import type { Plan } from "../../engine/plan/plan.ts";
import type { Registry } from "../../engine/registry.ts";
import { type GivenValues, loadPipeline } from "./load_pipeline.ts";
import type { Place } from "./port.ts";

/**
 * The plan of a pipeline with its values; `undefined` when something is wrong, which has then been
 * shown on standard error, as warnings are.
 */
export async function requirePlan(
  file: string,
  given: GivenValues & { readonly tokens?: TokenForm },
  place: Place,
  registry: Registry,
): Promise<Plan | undefined> {
  const { plan, diagnostics, texts } = await loadPipeline(file, given, place, registry);
  const { color, columns } = place.context;
  const form = given.tokens === "agent-log" ? "json" : "text";
  place.port.err(renderDiagnostics(form, diagnostics, texts, { color, width: columns }));
  return plan;
}
