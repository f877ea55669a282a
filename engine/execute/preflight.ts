import type { PlannedStep } from "../plan/plan.ts";
import { errorRecord } from "./failure.ts";
import type { SluiceError } from "../errors.ts";
import type { Pass } from "./pass.ts";
import { perform } from "./perform.ts";
import { mentions, unmet } from "./when.ts";

/**
 * Asks every step for its preconditions, in the order of the plan and those of `finally` too,
 * before anything has an effect; then tells all that failed. What earlier processes of the run have
 * done is not asked again, nor what a condition over known values leaves out.
 *
 * @returns the errors, in the order of the plan
 */
export async function preflight(pass: Pass): Promise<readonly SluiceError[]> {
  const { plan } = pass.prepared;
  const failures: { step: PlannedStep; error: SluiceError; elapsed_s: number }[] = [];
  for (const step of [...plan.steps, ...plan.finally]) {
    const check = pass.prepared.definition(step).check;
    if (check === undefined || !isAhead(step, pass) || await isLeftOut(step, pass)) continue;
    const performed = await perform({
      id: step.id,
      part: "run",
      grants: step.permissions.run.run,
      signal: pass.stop.signal,
      ...(step.timeout_ms === undefined ? {} : { timeout_ms: step.timeout_ms }),
      work: (ctx) => check(step.params, ctx),
    }, pass.world);
    if (pass.stop.signal.aborted) break;
    if (!performed.ok) failures.push({ step, ...performed });
  }
  for (const failure of failures) await tell(failure, pass);
  return failures.map(({ error }) => error);
}

async function tell(
  { step, error, elapsed_s }: { step: PlannedStep; error: SluiceError; elapsed_s: number },
  pass: Pass,
): Promise<void> {
  const { recorder } = pass.world;
  const { id, summary } = step;
  const record = errorRecord(error, pass.world.host.masker);
  pass.status.failure ??= { step: id, error: record };
  await recorder.tell((token) => ({
    event: { type: "step.started", step: id, token, summary },
  }), { sync: false });
  await recorder.tell((token) => ({
    record: { type: "step.failed", step: id, token, error: record, continued: false },
    event: {
      type: "step.failed",
      step: id,
      token,
      elapsed_s,
      error: record,
      continued: false,
      ...(error.artifact === undefined ? {} : { artifact: error.artifact }),
    },
  }), { sync: false });
}

function isAhead(step: PlannedStep, pass: Pass): boolean {
  const past = pass.ledger.steps.get(step.id);
  if (past === undefined) return true;
  const ended = past.state === "done" || past.state === "skipped" || past.failure?.continued;
  return !ended;
}

/**
 * Gives up what steps would need that no pass runs, since a condition over known values leaves them
 * out.
 */
export async function shedLeftOut(pass: Pass): Promise<void> {
  if (pass.world.host.shed === undefined) return;
  const { plan } = pass.prepared;
  for (const step of [...plan.steps, ...plan.finally]) {
    if (step.when.length === 0 || pass.ledger.steps.has(step.id)) continue;
    if (await isLeftOut(step, pass)) pass.shedding.leftOut(step);
  }
}

/** Whether a condition that only known values decide says that the step will not run. */
async function isLeftOut(step: PlannedStep, pass: Pass): Promise<boolean> {
  const unknown = step.for_each === undefined ? late : [...late, "item"];
  const known = step.when.filter(({ scope, condition }) =>
    !mentions(condition, unknown) && (!mentions(condition, ["params"]) || isKnown(scope, pass))
  );
  try {
    return await unmet(known, pass.values, step.item) !== undefined;
  } catch {
    return false; // Its turn will tell.
  }
}

/** Names whose values only the run brings. */
const late = ["steps", "run"];

/** Whether the parameters of a scope, and of those around it, come from no facts. */
function isKnown(prefix: string, pass: Pass): boolean {
  const scope = pass.prepared.scopes.get(prefix);
  if (scope === undefined || prefix === "") return true;
  return Object.values(scope.params).every((template) => !mentions(template, late)) &&
    isKnown(scope.parent ?? "", pass);
}
