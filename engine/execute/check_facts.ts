import * as v from "valibot";
import { BugError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import type { AnyStep } from "../step.ts";
import { jsonFault } from "./json_fault.ts";
import { showPath } from "./late_input.ts";

/**
 * What a step returned, as its `facts` schema gives it out and as it will be after a trip through
 * JSON.
 *
 * @throws BugError that names every place at fault: the step does not keep what it declares
 */
export function checkFacts(returned: unknown, id: string, definition: AnyStep): JsonObject {
  const parsed = v.safeParse(definition.facts, returned);
  if (!parsed.success) {
    const faults = parsed.issues.map((issue) => `${showPath("facts", issue)}: ${issue.message}`);
    throw new BugError(`${id} (${definition.name}) returned wrong facts: ${faults.join("; ")}`);
  }
  const fault = jsonFault(parsed.output);
  if (fault !== undefined) {
    throw new BugError(`${id} (${definition.name}) returned facts${fault} that are no JSON`);
  }
  return JSON.parse(JSON.stringify(parsed.output)) as JsonObject;
}
