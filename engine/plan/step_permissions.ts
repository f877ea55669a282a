import { BugError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import { none } from "../permissions/permissions.ts";
import type { AnyStep } from "../step.ts";
import type { PlannedStep } from "./plan.ts";

/**
 * What a step may touch with these parameters; nothing for an undo that it does not name.
 *
 * @throws BugError when the step's own computation fails: its schema let through what it cannot take
 */
export function stepPermissions(step: AnyStep, params: JsonObject): PlannedStep["permissions"] {
  try {
    const { run, undo = none } = step.permissions(params);
    return { run, undo };
  } catch (cause) {
    throw new BugError(`${step.name} failed to compute its permissions`, {
      details: { step: step.name },
      cause,
    });
  }
}
