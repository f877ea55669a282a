import * as v from "valibot";
import { InvalidInputError, SluiceError } from "../errors.ts";
import type { Json, JsonObject } from "../json.ts";
import type { PlannedStep } from "../plan/plan.ts";
import type { AnyStep } from "../step.ts";
import { jsonFault } from "./json_fault.ts";
import type { RunValues } from "./run_values.ts";

/**
 * Evaluates what a step gets from the facts of others, and checks it against its `late` schema.
 *
 * @param id of the step or of its item, for messages
 * @throws InvalidInputError that names the step and the place of every fault
 */
export async function lateInput(
  step: PlannedStep,
  id: string,
  definition: AnyStep,
  values: RunValues,
  item: Json | undefined,
): Promise<JsonObject> {
  const raw: Record<string, Json> = {};
  const faults: string[] = [];
  for (const [name, template] of Object.entries(step.late)) {
    try {
      raw[name] = await values.evaluate(template, step.scope, item);
    } catch (error) {
      if (!(error instanceof SluiceError)) throw error;
      faults.push(`with.${name}: ${error.message}`);
    }
  }
  if (faults.length === 0) {
    if (definition.late === undefined) return {};
    const parsed = v.safeParse(definition.late, raw);
    if (parsed.success) return checkedJson(parsed.output, id);
    faults.push(...parsed.issues.map((issue) => `${showPath("with", issue)}: ${issue.message}`));
  }
  throw new InvalidInputError(`the input of ${id} is wrong: ${faults.join("; ")}`, {
    hint: `look at the facts that ${step.span.file}:${step.span.line} takes from earlier steps`,
  });
}

/** The place of a fault that valibot found, such as `with.files[0].name`. */
export function showPath(root: string, issue: v.BaseIssue<unknown>): string {
  return (issue.path ?? []).reduce((path, { key }) => {
    return path + (typeof key === "number" ? `[${key}]` : `.${String(key)}`);
  }, root);
}

function checkedJson(output: unknown, id: string): JsonObject {
  const fault = jsonFault(output);
  if (fault === undefined) return output as JsonObject;
  throw new InvalidInputError(`the input of ${id} is wrong: with${fault} is no JSON`);
}
