import { evaluateTemplate } from "../expression/evaluate.ts";
import type { Json } from "../json.ts";
import type { Plan, Template } from "../plan/plan.ts";

/** What `run` is in expressions. `outcome`, `reason` and `failed_step` are for `finally` steps. */
export interface RunView {
  readonly id: string;
  readonly outcome: string;
  /** Why the run failed, or `""`. */
  readonly reason: string;
  /** Id of the step that failed, or `""`. */
  readonly failed_step: string;
}

type JsonMap = Readonly<Record<string, Json>>;

/** What the expressions of one scope see. */
export interface ScopeValues {
  readonly params: JsonMap;
  readonly steps: JsonMap;
  readonly run: JsonMap;
  readonly item?: Json;
}

/** The parameters and facts of a run, as the expressions of its scopes see them. */
export interface RunValues {
  /** Makes the facts of a step, or the list of those of a `for_each`, visible. */
  set(id: string, facts: Json): void;
  /** By the id that is unique over the plan. */
  get(id: string): Json | undefined;
  setRun(run: RunView): void;
  /** @throws InvalidInputError when the expression has no value */
  evaluate(template: Template, scope: string, item?: Json): Promise<Json>;
}

/**
 * Facts are kept once in each scope that sees them, under the name that they have there, so that
 * nothing is gathered or copied for an expression.
 */
export function makeRunValues(plan: Plan, runId: string): RunValues {
  const scopes = new Map(plan.scopes.map((scope) => [scope.prefix, scope]));
  const steps = new Map<string, Record<string, Json>>([["", {}]]);
  for (const prefix of scopes.keys()) steps.set(prefix, {});
  const all = new Map<string, Json>();
  const params = new Map<string, Record<string, Json>>([["", { ...plan.params }]]);
  let run: RunView = { id: runId, outcome: "", reason: "", failed_step: "" };

  const valuesOf = async (scope: string, item?: Json): Promise<ScopeValues> => ({
    params: await paramsOf(scope),
    steps: steps.get(scope) ?? {},
    run: { ...run },
    ...(item === undefined ? {} : { item }),
  });

  /**
   * The parameters of an included pipeline. One that has no value yet, since it comes from facts,
   * is a fault only of the expression that asks for it.
   */
  const paramsOf = async (prefix: string): Promise<JsonMap> => {
    const known = params.get(prefix) ?? {};
    params.set(prefix, known);
    const scope = scopes.get(prefix);
    if (prefix === "" || scope === undefined) return known;
    const missing = Object.entries(scope.params).filter(([name]) => !Object.hasOwn(known, name));
    if (missing.length === 0) return known;
    const outer = await valuesOf(scope.parent ?? "");
    const faults = new Map<string, unknown>();
    for (const [name, template] of missing) {
      try {
        known[name] = await evaluateTemplate(template, outer);
      } catch (error) {
        faults.set(name, error);
      }
    }
    return faults.size === 0 ? known : withFaults(known, faults);
  };

  return {
    set(id, facts) {
      all.set(id, facts);
      for (let end = 0; end >= 0;) {
        const prefix = id.slice(0, end);
        const seen = steps.get(prefix);
        if (seen !== undefined) seen[id.slice(end)] = facts;
        end = id.indexOf(".", end) + 1 || -1;
      }
    },
    get: (id) => all.get(id),
    setRun(view) {
      run = view;
    },
    evaluate: async (template, scope, item) =>
      await evaluateTemplate(template, await valuesOf(scope, item)),
  };
}

function withFaults(known: JsonMap, faults: ReadonlyMap<string, unknown>): JsonMap {
  const all = { ...known };
  for (const [name, fault] of faults) {
    Object.defineProperty(all, name, {
      enumerable: true,
      get(): never {
        throw fault;
      },
    });
  }
  return all;
}
