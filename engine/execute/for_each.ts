import { InvalidInputError } from "../errors.ts";
import type { Json } from "../json.ts";
import type { PlannedStep, Template } from "../plan/plan.ts";
import { asSluiceError } from "./failure.ts";
import type { Pass } from "./pass.ts";
import { type Phase, refuse, runInstance, skip } from "./run_step.ts";
import { schedule, type Verdict } from "./schedule.ts";
import { mentions, unmet } from "./when.ts";

/** The id of the n-th item of a `for_each`, from 1. */
export function itemId(step: string, n: number): string {
  return `${step}.${n}`;
}

/**
 * Runs a step once for each item of a list that only earlier steps know. Each item has its own
 * tokens, journal lines and undo; the step's facts are the list of theirs.
 */
export async function runForEach(
  step: PlannedStep,
  list: Template,
  phase: Phase,
  pass: Pass,
): Promise<Verdict> {
  if (phase.signal.aborted) return "stop";
  let items: readonly Json[];
  try {
    // The condition may guard the list: `has(steps.a)` before `steps.a.files`.
    const ofStep = step.when.filter(({ condition }) => !mentions(condition, ["item"]));
    const reason = await unmet(ofStep, pass.values, undefined);
    if (reason !== undefined) return await skip(step.id, reason, pass);
    items = await evaluateList(step, list, pass);
  } catch (error) {
    return await refuse({ step, id: step.id }, asSluiceError(error, step.id), phase, pass);
  }
  if (items.length === 0) {
    pass.values.set(step.id, []);
    return await skip(step.id, "for_each has no items", pass);
  }
  const tasks = items.map((_, index) => ({ id: String(index), needs: [], pool: step.id }));
  const limits = new Map([[step.id, step.max_parallel ?? 1]]);
  const complete = await schedule(tasks, limits, phase.signal, (index) => {
    const id = itemId(step.id, Number(index) + 1);
    return runInstance({ step, id, item: items[Number(index)]! }, phase, pass);
  });
  if (!complete) return "stop";
  const facts = items.map((_, index) => pass.values.get(itemId(step.id, index + 1)));
  pass.values.set(step.id, facts.filter((each) => each !== undefined));
  return "go-on";
}

async function evaluateList(
  step: PlannedStep,
  list: Template,
  pass: Pass,
): Promise<readonly Json[]> {
  const value = await pass.values.evaluate(list, step.scope);
  if (Array.isArray(value)) return value;
  throw new InvalidInputError(
    `for_each of ${step.id} is ${JSON.stringify(value).slice(0, 80)}, not a list`,
  );
}
