import type { DocumentStep } from "../document/document.ts";
import { formatDuration } from "../document/duration.ts";
import type { AnyStep } from "../step.ts";
import type { Plan, PlannedStep } from "./plan.ts";
import { ancestors } from "./graph.ts";
import type { Report } from "./report.ts";

/** Warns of modifiers of a step that hardly mean what they say. */
export function warnModifiers(step: DocumentStep, definition: AnyStep, report: Report): void {
  const { retry } = step;
  if (retry === undefined) return;
  const { attempts, delay_ms, max_delay_ms } = retry.value;
  if (definition.effect === "irreversible") {
    report.warning(
      "retry-irreversible",
      retry.span,
      `${definition.name} cannot be undone, and retry may make its effect happen twice`,
      "remove retry, or let an earlier step wait until this one can succeed",
    );
  }
  if (attempts === 1) {
    report.warning(
      "retry-once",
      retry.span,
      "one attempt is no retry",
      "write attempts: 2 or more",
    );
  }
  if (max_delay_ms < delay_ms) {
    const message = `max_delay ${formatDuration(max_delay_ms)} is shorter than delay ` +
      `${formatDuration(delay_ms)}, so that every wait is cut to it`;
    report.warning("retry-delays", retry.span, message);
  }
}

/** Warns of a `commit` that releases nothing, or that releases now this and now that. */
export function warnCommits(plan: Pick<Plan, "steps">, report: Report): void {
  const needs = new Map(plan.steps.map((step) => [step.id, step.needs]));
  const reversible = plan.steps.filter((step) => step.effect === "reversible");
  for (const step of plan.steps) {
    if (!step.commit) continue;
    const before = ancestors(needs, step.id);
    const isOwn = ({ id }: PlannedStep) => id === step.id || before.has(id);
    if (!reversible.some(isOwn)) {
      const message = `commit of ${JSON.stringify(step.id)} releases nothing: no step until then ` +
        "has an effect that could be undone";
      report.warning("idle-commit", step.span, message, "remove commit");
    }
    const beside = reversible.find((other) =>
      !isOwn(other) && !ancestors(needs, other.id).has(step.id)
    );
    if (beside) {
      const message =
        `${JSON.stringify(beside.id)} runs beside ${JSON.stringify(step.id)}, whose ` +
        "commit releases its undo only if it happens to have ended";
      const hint = `add ${JSON.stringify(beside.id)} to the needs of ${JSON.stringify(step.id)}`;
      report.warning("racing-commit", step.span, message, hint);
    }
  }
}
