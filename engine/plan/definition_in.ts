import { type ForeignWork, stepOf } from "../foreign/foreign_definition.ts";
import type { Registry } from "../registry.ts";
import type { AnyStep } from "../step.ts";
import type { Plan, PlannedStep } from "./plan.ts";

/**
 * The definition of a step of a plan: from the registry, or for a step of others from what the plan
 * says of its code; `undefined` where there is none.
 *
 * @param work how steps of others do theirs; left out where nothing is run
 */
export function definitionIn(
  plan: Pick<Plan, "foreign">,
  { uses, foreign }: Pick<PlannedStep, "uses" | "foreign">,
  registry: Registry,
  work?: ForeignWork,
): AnyStep | undefined {
  if (foreign === undefined) return registry.get(uses);
  const code = plan.foreign?.[foreign];
  return code && stepOf(uses, code.description, work);
}
