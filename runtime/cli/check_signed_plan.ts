import { NotAuthorisedError } from "../../engine/errors.ts";
import type { Plan } from "../../engine/plan/plan.ts";
import type { Registry } from "../../engine/registry.ts";
import { hasErrors, loadPipeline } from "./load_pipeline.ts";
import type { Place } from "./port.ts";

/**
 * Makes sure that the plan in the folder of a run is what the signed pipeline gives for the values of
 * parameters that it holds. The folder was the run's own to write: a plan of something else, however
 * sound, is neither gone on with nor undone.
 *
 * @throws NotAuthorisedError
 */
export async function checkSignedPlan(
  plan: Plan,
  run: string,
  place: Place,
  registry: Registry,
): Promise<void> {
  const given = { param: [], recorded: plan.params };
  const loaded = await loadPipeline(plan.file, given, place, registry);
  if (loaded.plan?.digest === plan.digest) return;
  const fault = loaded.diagnostics.find(({ severity }) => severity === "error");
  const why = hasErrors(loaded.diagnostics)
    ? `with its values, the signed pipeline has a fault: ${fault!.message}`
    : `it began with ${plan.digest}, and the signed pipeline gives ${loaded.plan?.digest}`;
  throw new NotAuthorisedError(`the plan of run ${run} is not that of ${plan.file}: ${why}`, {
    hint: "if the pipeline was changed since, put back what the run began with",
  });
}
