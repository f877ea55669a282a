import type { Json } from "../json.ts";
import type { Group, PlannedStep } from "../plan/plan.ts";
import { runForEach } from "./for_each.ts";
import type { Pass } from "./pass.ts";
import { type Phase, runInstance } from "./run_step.ts";
import { schedule, type Verdict } from "./schedule.ts";

/**
 * Runs the steps of a plan as the graph that they are, until all have ended, one has failed for
 * good, or the pass is stopped.
 *
 * @returns whether all have ended and the run may end well
 */
export async function runSteps(pass: Pass): Promise<boolean> {
  const { prepared } = pass;
  const phase: Phase = { final: false, signal: pass.stop.signal };
  const groups = openGroups(pass);
  return await schedule(prepared.tasks, prepared.limits, phase.signal, async (id) => {
    const step = prepared.stepOf(id)!;
    const verdict = await runPlanned(step, phase, pass);
    const ended = verdict === "stop" ? "open" : groups.end(id);
    const committed = ended !== "open" && await commit(step, ended?.members ?? [id], pass);
    pass.shedding.ended(step, committed);
    return verdict;
  });
}

/** Runs the `finally` steps, each whatever became of the one before. */
export async function runFinally(pass: Pass): Promise<void> {
  const { failure } = pass.status;
  const groups = openGroups(pass);
  for (const step of pass.prepared.plan.finally) {
    if (pass.cleanup.aborted) return;
    const told = failure === undefined ? {} : { failure };
    const phase: Phase = { final: true, signal: pass.cleanup, ...told };
    await runPlanned(step, phase, pass);
    if (pass.status.suspension !== undefined) return;
    groups.end(step.id);
    pass.shedding.ended(step, false);
  }
}

function runPlanned(step: PlannedStep, phase: Phase, pass: Pass): Promise<Verdict> {
  if (step.for_each !== undefined) return runForEach(step, step.for_each, phase, pass);
  const item = step.item === undefined ? {} : { item: step.item };
  return runInstance({ step, id: step.id, ...item }, phase, pass);
}

/**
 * Counts the members of groups. `end` gives the group whose last member has ended, after making the
 * list of their facts visible; `open` while others are missing; `undefined` for no member.
 */
function openGroups(pass: Pass): { end(id: string): Group | "open" | undefined } {
  const missing = new Map(pass.prepared.plan.groups.map((group) => [group, group.members.length]));
  for (const [group, members] of missing) if (members === 0) pass.values.set(group.id, []);
  return {
    end(id) {
      const group = pass.prepared.groupOf.get(id);
      if (group === undefined) return undefined;
      const left = missing.get(group)! - 1;
      missing.set(group, left);
      if (left > 0) return "open";
      const facts = group.members.map((member) => pass.values.get(member));
      pass.values.set(group.id, facts.filter((each): each is Json => each !== undefined));
      return group;
    },
  };
}

/**
 * Releases the undos of all that has completed, the committing step's own too. A `for_each` commits
 * once, after its last item.
 *
 * @returns whether it did
 */
async function commit(step: PlannedStep, ids: readonly string[], pass: Pass): Promise<boolean> {
  if (!step.commit) return false;
  const { ledger, prepared, world } = pass;
  const own = step.for_each === undefined
    ? ids
    : [...ledger.completed].filter((id) => prepared.stepOf(id) === step);
  const done = (id: string) => ledger.completed.has(id) && ledger.steps.get(id)?.state === "done";
  if (!own.some(done)) return false; // It was skipped, or committed before the run was resumed.
  const record = { type: "committed", step: step.id } as const;
  await world.recorder.tell(() => ({ record }), { sync: prepared.hasEffects });
  return true;
}
