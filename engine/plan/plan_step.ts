import type { DocumentStep } from "../document/document.ts";
import { foldTemplate } from "../expression/fold.ts";
import { parseExpression } from "../expression/template.ts";
import type { ForeignDefinition } from "../foreign/foreign_definition.ts";
import { ForeignFault } from "../foreign/foreign_fault.ts";
import type { JsonObject } from "../json.ts";
import type { AnyStep } from "../step.ts";
import { stepDigest } from "./digest.ts";
import type { LoadedPipeline } from "./load_includes.ts";
import type { PlannedStep } from "./plan.ts";
import type { Report } from "./report.ts";
import { type ItemState, knownValues, originOf, type ScopeState } from "./scope_state.ts";
import { type CheckedInput, foldInput } from "./step_input.ts";
import { stepPermissions } from "./step_permissions.ts";

/** What a step stands in. */
export interface Surroundings {
  readonly pipeline: LoadedPipeline;
  /** `""`, or `"<id>."` of the step that includes it. */
  readonly prefix: string;
  /** Conditions of the steps that include the pipeline. */
  readonly when: PlannedStep["when"];
}

export interface StepToPlan {
  readonly step: DocumentStep;
  readonly definition: AnyStep;
  /** Where it is a file of others. */
  readonly foreign?: ForeignDefinition;
  readonly input: CheckedInput;
  /** The full id. */
  readonly id: string;
  readonly item?: ItemState;
  readonly needs: readonly string[];
  readonly around: Surroundings;
  readonly scope: ScopeState;
}

/**
 * Plans one step, or one item of its list; `undefined` where its input is faulty, which has been
 * reported, or not all of it is known yet.
 *
 * @throws BugError when the step cannot compute its permissions
 */
export async function planStep(
  { step, definition, foreign, input, id, item, needs, around, scope: outer }: StepToPlan,
  report: Report,
): Promise<PlannedStep | undefined> {
  const scope: ScopeState = { ...outer, ...(item && { item }) };
  const { folder } = around.pipeline;
  const { params, late } = await foldInput(step, definition, input, scope, folder, report);
  if (params === undefined) return undefined;
  const known = item?.kind === "known" ? { item: item.value } : {};
  const uses = definition.name;
  const code = foreign === undefined ? {} : { foreign: foreign.digest };
  const permissions = foreign === undefined
    ? stepPermissions(definition, params)
    : await askPermissions(foreign, params, step, report);
  if (permissions === undefined) return undefined;
  return {
    id,
    uses,
    ...code,
    summary: step.summary?.value ?? definition.summary,
    effect: definition.effect,
    holds: definition.holds === true,
    span: step.span,
    scope: around.prefix,
    params,
    late,
    needs,
    when: await conditionsOf(step, around, scope),
    ...(step.retry && { retry: step.retry.value }),
    ...(step.timeout && { timeout_ms: step.timeout.value }),
    on_failure: step.on_failure?.value ?? "stop",
    commit: step.commit?.value ?? false,
    ...known,
    permissions,
    digest: stepDigest({ uses, ...code, params, late, ...known }),
  };
}

/** What code of others cannot compute is a fault of the pipeline, at the line that uses it. */
async function askPermissions(
  foreign: ForeignDefinition,
  params: JsonObject,
  { uses }: DocumentStep,
  report: Report,
): Promise<PlannedStep["permissions"] | undefined> {
  try {
    return await foreign.permissions(params);
  } catch (error) {
    if (!(error instanceof ForeignFault)) throw error;
    report.error("foreign-step", uses.span, error.message, error.hint);
  }
}

/** The conditions around a step and its own, without one that is known to hold. */
export async function conditionsOf(
  { when }: DocumentStep,
  around: Surroundings,
  scope: ScopeState,
): Promise<PlannedStep["when"]> {
  if (when === undefined) return around.when;
  const condition = parseExpression(when.value);
  const folded = originOf(condition, scope)
    ? condition
    : await foldTemplate(condition, knownValues(scope)).catch(() => condition);
  if (folded.kind === "value" && folded.value === true) return around.when;
  return [...around.when, { scope: around.prefix, condition }];
}
