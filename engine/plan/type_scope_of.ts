import type { Document } from "../document/document.ts";
import { type CelType, celTypeOfParameter, stringType } from "../expression/cel_type.ts";
import type { StepFacts, TypeScope } from "../expression/check.ts";
import type { StepOrder } from "./step_order.ts";
import { namesOf, type VisibleFacts } from "./visible_facts.ts";

/**
 * What the expressions of one step may name, with types.
 *
 * @param atTheEnd whether the whole pipeline is included under `finally`
 */
export function typeScopeOf(
  id: string,
  document: Document,
  order: StepOrder,
  { facts, names }: VisibleFacts,
  atTheEnd: boolean,
): TypeScope {
  const isLast = document.finally.some((step) => step.id.value === id);
  const mayBeAbsent = isLast || atTheEnd;
  const before = () => [
    ...isLast ? document.steps.map((step) => step.id.value) : [],
    ...order.before(id),
  ];
  let steps: TypeScope["steps"] | undefined;
  let laterSteps: ReadonlySet<string> | undefined;
  return {
    self: id,
    params: Object.fromEntries(
      document.params.map((parameter) => [parameter.name.value, celTypeOfParameter(parameter)]),
    ),
    // Gathered when asked for: most steps name no other, and all of them may be before.
    get steps() {
      return steps ??= factsOf(before(), facts, mayBeAbsent);
    },
    get laterSteps() {
      return laterSteps ??= namesOf(order.after(id), facts);
    },
    allSteps: names,
    run: mayBeAbsent ? runAtTheEnd : runInTheMiddle,
  };
}

/** What an expression of a main step may name if it is evaluated under `finally`. */
export function typeScopeAtTheEnd(
  id: string,
  document: Document,
  facts: VisibleFacts,
): TypeScope {
  const all = new Set(document.steps.map((step) => step.id.value));
  const order = { needs: new Map(), before: () => all, after: () => new Set<string>() };
  return typeScopeOf(id, document, order, facts, true);
}

function factsOf(
  ids: Iterable<string>,
  facts: VisibleFacts["facts"],
  mayBeAbsent: boolean,
): TypeScope["steps"] {
  const found: Record<string, StepFacts> = {};
  for (const id of ids) {
    for (const [name, one] of facts.get(id) ?? []) {
      // Whether a step has succeeded by the time of `finally`, or within it, nobody knows.
      found[name] = mayBeAbsent ? { ...one, optional: true } : one;
    }
  }
  return found;
}

const runInTheMiddle = runType("id");
const runAtTheEnd = runType("id", "outcome", "failed_step", "reason");

function runType(...names: readonly string[]): CelType {
  const fields = names.map((name) => [name, { type: stringType, optional: false }] as const);
  return { kind: "object", fields: Object.fromEntries(fields), closed: true };
}
