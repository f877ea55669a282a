import { planDigest } from "../../engine/plan/digest.ts";
import type { Plan, PlannedStep } from "../../engine/plan/plan.ts";

/**
 * A plan in which files of the project are called by their paths in it: what is made for another
 * machine is the same wherever the checkout lies, and does not tell where that is.
 *
 * @param project absolute path of the project
 */
export function portablePlan(plan: Plan, project: string): Plan {
  const shown = (file: string) =>
    file.startsWith(`${project}/`) ? file.slice(project.length + 1) : file;
  const placed = (step: PlannedStep): PlannedStep => ({
    ...step,
    span: { ...step.span, file: shown(step.span.file) },
  });
  const portable = {
    ...plan,
    file: shown(plan.file),
    steps: plan.steps.map(placed),
    finally: plan.finally.map(placed),
  };
  return { ...portable, digest: planDigest(portable) };
}
