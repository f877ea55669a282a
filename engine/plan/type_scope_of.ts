import type { Document } from "../document/document.ts";
import { type CelType, celTypeOfParameter, stringType } from "../expression/cel_type.ts";
import type { StepFacts, TypeScope } from "../expression/check.ts";
import type { StepOrder } from "./step_order.ts";
import type { VisibleFacts } from "./visible_facts.ts";

/**
 * What the expressions of one step may name, with types.
 *
 * @param atTheEnd whether the whole pipeline is included under `finally`
 */
export function typeScopeOf(
  id: string,
  document: Document,
  order: StepOrder,
  { facts }: VisibleFacts,
  atTheEnd: boolean,
): TypeScope {
  const isLast = document.finally.some((step) => step.id.value === id);
  const mayBeAbsent = isLast || atTheEnd;
  const main = document.steps.map((step) => step.id.value);
  const before = isLast ? [...main, ...order.before(id)] : [...order.before(id)];
  const namesOf = (ids: Iterable<string>) =>
    [...ids].flatMap((each) => [each, ...facts.get(each)?.keys() ?? []]);
  const visible = before.flatMap((each) => [...facts.get(each) ?? []]);
  return {
    params: Object.fromEntries(
      document.params.map((parameter) => [parameter.name.value, celTypeOfParameter(parameter)]),
    ),
    // Whether a step has succeeded by the time of `finally`, or within it, nobody knows.
    steps: Object.fromEntries(
      visible.map(([name, found]): [string, StepFacts] =>
        mayBeAbsent ? [name, { ...found, optional: true }] : [name, found]
      ),
    ),
    allSteps: new Set(namesOf(facts.keys())),
    laterSteps: new Set(namesOf(order.after(id))),
    run: mayBeAbsent ? runAtTheEnd : runInTheMiddle,
  };
}

const runInTheMiddle = runType("id");
const runAtTheEnd = runType("id", "outcome", "failed_step", "reason");

function runType(...names: readonly string[]): CelType {
  const fields = names.map((name) => [name, { type: stringType, optional: false }] as const);
  return { kind: "object", fields: Object.fromEntries(fields), closed: true };
}
