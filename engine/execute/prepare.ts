import { InvalidInputError } from "../errors.ts";
import {
  definitionKey,
  type Group,
  type Plan,
  type PlannedStep,
  type Scope,
} from "../plan/plan.ts";
import type { Registry } from "../registry.ts";
import type { AnyStep } from "../step.ts";
import type { Task } from "./schedule.ts";

/** A plan with all that is looked up in it, so that no step makes the engine search. */
export interface PreparedPlan {
  readonly plan: Plan;
  readonly scopes: ReadonlyMap<string, Scope>;
  readonly tasks: readonly Task[];
  /** How many members of each group run at once. */
  readonly limits: ReadonlyMap<string, number>;
  readonly groupOf: ReadonlyMap<string, Group>;
  /** Whether anything in it has an effect, and so is worth an fsync. */
  readonly hasEffects: boolean;
  definition(step: PlannedStep): AnyStep;
  /** The planned step that an id, or that of one of its items, belongs to. */
  stepOf(id: string): PlannedStep | undefined;
  /** Whether a step stands under `finally`. */
  isFinal(step: PlannedStep): boolean;
}

/**
 * Matches a plan with the steps of this program.
 *
 * @throws InvalidInputError that names every fault: the plan is for another program
 */
export function prepare(plan: Plan, registry: Registry): PreparedPlan {
  const all = [...plan.steps, ...plan.finally];
  const groups = new Map(plan.groups.map((group) => [group.id, group]));
  const groupOf = new Map(
    plan.groups.flatMap((group) => group.members.map((member) => [member, group] as const)),
  );
  const known = new Set(plan.steps.map((step) => step.id));
  const faults: string[] = [];
  const tasks = plan.steps.map((step): Task => {
    const needs = step.needs.flatMap((need) => groups.get(need)?.members ?? [need]);
    const missing = needs.filter((need) => !known.has(need));
    faults.push(...missing.map((need) => `${step.id} needs ${need}, which is not in the plan`));
    const group = groupOf.get(step.id);
    return {
      id: step.id,
      needs: [...new Set(needs)],
      ...(group === undefined ? {} : { pool: group.id }),
    };
  });
  for (const step of all) {
    const definition = registry.get(definitionKey(step));
    if (definition === undefined) {
      faults.push(`${step.id} uses ${step.uses}, which this program does not have`);
    } else if (definition.effect !== step.effect) {
      faults.push(`${step.id} was planned with another ${step.uses} than this program has`);
    }
  }
  if (faults.length > 0) {
    throw new InvalidInputError(`the plan does not fit this program: ${faults.join("; ")}`, {
      hint: "plan the pipeline again with this program",
    });
  }
  const byId = new Map(all.map((step) => [step.id, step]));
  const final = new Set(plan.finally);
  return {
    plan,
    scopes: new Map(plan.scopes.map((scope) => [scope.prefix, scope])),
    tasks,
    limits: new Map(plan.groups.map((group) => [group.id, group.max_parallel])),
    groupOf,
    hasEffects: all.some((step) => step.effect !== "none"),
    definition: (step) => registry.get(definitionKey(step))!,
    isFinal: (step) => final.has(step),
    stepOf: (id) => byId.get(id) ?? byId.get(id.replace(/\.[^.]*$/, "")),
  };
}
