import * as v from "valibot";
import { InvalidInputError, RefusedError } from "../errors.ts";
import type { Describer } from "../foreign/describer.ts";
import { codeDigest } from "../foreign/foreign_code.ts";
import { defineForeign, type ForeignDefinition } from "../foreign/foreign_definition.ts";
import { canonicalJson, type Json } from "../json.ts";
import type { Registry } from "../registry.ts";
import { planDigest, stepDigest } from "./digest.ts";
import type { Plan, PlannedStep } from "./plan.ts";
import { planFaults } from "./plan_faults.ts";
import { planSchema } from "./plan_schema.ts";
import { stepPermissions } from "./step_permissions.ts";

/**
 * Reads a plan that was made elsewhere (`sluice plan --format json`) and believes none of it: form,
 * digests, order and references are checked, each step's parameters are validated by its own
 * definition, and its permissions are computed again. Steps of others, whose code is in the plan,
 * describe themselves again.
 *
 * @param describer asks steps of others; left out where they cannot be run
 * @throws InvalidInputError when it is no plan of this version, was changed after it was made, or
 * uses steps that are not in the registry
 * @throws RefusedError when it claims other permissions than its steps need, or has steps of others
 * where they cannot be run
 */
export async function parsePlan(
  text: string,
  registry: Registry,
  describer?: Describer,
): Promise<Plan> {
  const plan = readPlanForm(text);
  if (planDigest(plan) !== plan.digest) {
    throw new InvalidInputError("the plan is not the one its digest names", {
      hint: "it was changed after it was made: make it again with sluice plan --format json",
      details: { claimed: plan.digest, actual: planDigest(plan) },
    });
  }
  checkReferences(plan);
  const foreign = await checkForeign(plan, describer);
  for (const step of [...plan.steps, ...plan.finally]) await checkStep(step, registry, foreign);
  return plan;
}

/**
 * Reads a plan for its form alone: what a run of another version began with can be looked at, though
 * not run.
 *
 * @throws InvalidInputError when it is no plan of this version
 */
export function readPlanForm(text: string): Plan {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new InvalidInputError("the plan is not JSON", { cause });
  }
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (version !== 1) {
    throw new InvalidInputError(`the plan has schemaVersion ${JSON.stringify(version)}, not 1`, {
      hint: "make it with the sluice that is to run it: sluice plan --format json",
    });
  }
  const { success, output, issues } = v.safeParse(planSchema, value);
  if (success) {
    const { shed: _, ...plan } = output;
    return plan as unknown as Plan;
  }
  throw new InvalidInputError(`the plan is malformed: ${planFaults(issues)}`, {
    hint: "it was changed after it was made: make it again with sluice plan --format json",
  });
}

function checkReferences(plan: Plan): void {
  const scopes = new Set<string>();
  const fail = (message: string) => {
    throw new InvalidInputError(`the plan is inconsistent: ${message}`);
  };
  for (const { prefix, parent } of plan.scopes) {
    if (scopes.has(prefix)) fail(`two scopes have the prefix ${JSON.stringify(prefix)}`);
    // What is looked up from parent to parent has to come to an end.
    if (parent !== undefined && !scopes.has(parent)) {
      fail(`scope ${JSON.stringify(prefix)} has no parent ${JSON.stringify(parent)} before it`);
    }
    scopes.add(prefix);
  }
  const seen = new Set<string>();
  for (const list of [plan.steps, plan.finally]) {
    const before = new Set<string>();
    for (const { id, needs, scope, when } of list) {
      if (seen.has(id)) fail(`two steps have the id ${id}`);
      const early = needs.find((need) => !before.has(need));
      if (early !== undefined) fail(`${id} needs ${early}, which does not stand before it`);
      for (const name of [scope, ...when.map((condition) => condition.scope)]) {
        if (!scopes.has(name)) {
          fail(`${id} is in the scope ${JSON.stringify(name)}, which is missing`);
        }
      }
      seen.add(id);
      before.add(id);
    }
  }
  for (const { id, members } of plan.groups) {
    const stranger = members.find((member) => !seen.has(member));
    if (stranger !== undefined) fail(`group ${id} has no step ${stranger}`);
  }
}

async function checkStep(
  planned: PlannedStep,
  registry: Registry,
  foreign: ReadonlyMap<string, ForeignDefinition>,
): Promise<void> {
  const { id, uses, params } = planned;
  const code = planned.foreign === undefined ? undefined : foreign.get(planned.foreign);
  const step = planned.foreign === undefined ? registry.get(uses) : code?.step;
  if (step === undefined) {
    throw new InvalidInputError(`step ${id} of the plan uses ${uses}, which does not exist here`, {
      hint: "it was planned by another version: sluice steps lists what is here",
    });
  }
  const parsed = v.safeParse(step.params, params);
  if (!parsed.success || !equal(parsed.output, params)) {
    throw new InvalidInputError(
      `step ${id} of the plan has parameters that ${uses} does not take` +
        (parsed.success ? "" : `: ${parsed.issues[0].message}`),
    );
  }
  if (stepDigest(planned) !== planned.digest) {
    throw new InvalidInputError(`step ${id} of the plan is not the one its digest names`);
  }
  if (planned.effect !== step.effect || planned.holds !== (step.holds === true)) {
    throw new InvalidInputError(`step ${id} of the plan has another effect than ${uses} has here`, {
      hint: "it was planned by another version: plan again",
    });
  }
  const needed = code === undefined
    ? stepPermissions(step, params)
    : await code.permissions(params);
  if (!equal(needed, planned.permissions)) {
    throw new RefusedError(`step ${id} of the plan claims other permissions than ${uses} needs`, {
      hint: "plan again, and compare what sluice plan shows",
    });
  }
}

/** The definitions of the steps of others, as they describe themselves now. */
async function checkForeign(
  { steps, finally: last, foreign = {} }: Plan,
  describer: Describer | undefined,
): Promise<ReadonlyMap<string, ForeignDefinition>> {
  const definitions = new Map<string, ForeignDefinition>();
  for (const [digest, { file, source, description }] of Object.entries(foreign)) {
    const user = [...steps, ...last].find((step) => step.foreign === digest);
    if (user === undefined) {
      throw new InvalidInputError(`the plan is inconsistent: no step uses the code of ${file}`);
    }
    if (codeDigest(source) !== digest) {
      throw new InvalidInputError(
        `the code of ${user.uses} in the plan is not what its digest names`,
      );
    }
    if (describer === undefined) {
      throw new RefusedError(`step ${user.id} of the plan is one of others, ${user.uses}`, {
        hint: "each needs a process of its own, which only the launcher starts: " +
          "sluice run --plan FILE",
      });
    }
    const definition = await defineForeign({ name: user.uses, file, source }, describer);
    if (!equal(definition.code.description, description)) {
      throw new InvalidInputError(`${user.uses} describes itself otherwise than in the plan`, {
        hint: "it was planned by another version: plan again",
      });
    }
    definitions.set(digest, definition);
  }
  return definitions;
}

function equal(a: unknown, b: unknown): boolean {
  return canonicalJson(a as Json) === canonicalJson(b as Json);
}
