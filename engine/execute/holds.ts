import type { PlannedStep } from "../plan/plan.ts";
import type { Pass } from "./pass.ts";
import { startAndRun } from "./run_step.ts";

/**
 * Runs again what held something in an earlier process, a lock say, before anything else goes on.
 * Stops at the first that cannot be had again: the run is suspended then, and nothing undone, since
 * that too needs what it held.
 *
 * @returns whether all is held again
 */
export async function holdAgain(pass: Pass, signal: AbortSignal): Promise<boolean> {
  const { ledger, status } = pass;
  for (const [id, step] of heldSteps(pass)) {
    const { late, input } = ledger.steps.get(id)!;
    const verdict = await startAndRun(
      { step, id },
      { late, input },
      { final: false, signal },
      pass,
    );
    if (verdict === "stop") return false;
    status.held.add(id);
  }
  return true;
}

function heldSteps(pass: Pass): readonly (readonly [string, PlannedStep])[] {
  return [...pass.ledger.steps].flatMap(([id, { state }]) => {
    const step = pass.prepared.stepOf(id);
    return state === "done" && step?.holds === true && !pass.prepared.isFinal(step)
      ? [[id, step] as const]
      : [];
  });
}
