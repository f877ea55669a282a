import { nameOf } from "../permissions/deno_grant.ts";
import { denoGrants } from "../permissions/deno_grants.ts";
import { derive } from "../permissions/derive.ts";
import { runFolderWord } from "../permissions/run_folder.ts";
import { makeShedding, type Need } from "../permissions/shed.ts";
import { type ShedLists, shedLists } from "../permissions/shed_lists.ts";
import type { Plan, PlannedStep } from "./plan.ts";

/** A moment at which a process gives something up for good. */
export interface ShedMoment {
  /** The step that has ended; absent for the end of all steps, with which their undos go. */
  readonly step?: string;
  /** What goes, as Deno has it: a program is its path, whatever its arguments. */
  readonly grants: ShedLists;
  /** How many of Deno's grants are left. */
  readonly left: number;
}

/** How the set of a process shrinks. */
export interface ShedTimeline {
  /** How many grants of Deno it begins with. */
  readonly grants: number;
  /** In order; moments at which nothing goes are left out. */
  readonly moments: readonly ShedMoment[];
}

/**
 * How the set of a plan's process shrinks when all goes well and steps end in the order of the plan.
 * An entry that another one reaches is shown with the last of those: until then it is not gone. What
 * repeats gives nothing up before somebody asks for its end, and has no moments.
 */
export function shedTimeline(plan: Plan): ShedTimeline {
  const places = { run: runFolderWord, programs: {} };
  const all = new Set(denoGrants(derive(plan, places), places).map(nameOf)).size;
  if (plan.every !== undefined) return { grants: all, moments: [] };
  const shedding = makeShedding(plan, places);
  const moments: ShedMoment[] = [];
  let left = all;
  const update = (needs: Iterable<readonly [PlannedStep, Need]>, step?: string) => {
    const shed = shedding.update([...needs].map(([{ id }, need]) => [id, need] as const));
    if (shed.grants.length === 0 && shed.brokered.length === 0) return;
    left -= shed.grants.length;
    moments.push({ ...(step === undefined ? {} : { step }), grants: shedLists(shed), left });
  };

  /** Members of groups but the last: a group commits once. */
  const early = new Set(plan.groups.flatMap(({ members }) => members.slice(0, -1)));
  /** Have ended, and would be undone. */
  const undoable = new Set<PlannedStep>();
  for (const step of plan.steps) {
    if (step.effect === "reversible") undoable.add(step);
    const commits = step.commit && !early.has(step.id);
    const ended = [step, ...(commits ? undoable : [])];
    if (commits) undoable.clear();
    update(ended.map((each) => [each, { run: each.holds, undo: undoable.has(each) }]), step.id);
  }
  update([...undoable].map((each) => [each, { run: each.holds, undo: false }]));
  for (const step of plan.finally) update([[step, { run: step.holds, undo: false }]], step.id);
  return { grants: all, moments };
}
