import { derive } from "../../engine/permissions/derive.ts";
import { digestOf } from "../../engine/permissions/digest.ts";
import { deriveForeign } from "../../engine/permissions/foreign_sets.ts";
import { runFolderWord } from "../../engine/permissions/run_folder.ts";
import type { TokenForm } from "../../engine/events/token_form.ts";
import type { Plan } from "../../engine/plan/plan.ts";
import type { LaunchRequest } from "../launch/planner_protocol.ts";
import type { RunMode } from "../launch/run_mode.ts";
import type { RunFolder } from "../launch/find_run.ts";

/** How a run is shown and allowed, as the command line says. */
export interface Showing {
  readonly tokens: TokenForm;
  readonly events: "text" | "json";
  readonly accept?: string | undefined;
}

/** The name of the set that a plan needs: the same for every run of it. */
export function setOf(plan: Plan): string {
  return digestOf(derive(plan, { run: runFolderWord }), deriveForeign(plan));
}

/** Where a plan comes from. */
export interface PlanSource {
  /** Absolute path of the pipeline; absent for a plan that came as JSON. */
  readonly file?: string | undefined;
  /** The surface that was named. */
  readonly surface?: string | undefined;
}

/** What the launcher is asked to start for a plan. */
export function launchRequest(
  plan: Plan,
  mode: RunMode,
  run: RunFolder,
  { tokens, events, accept }: Showing,
  { file, surface }: PlanSource,
): LaunchRequest<Plan> {
  return {
    mode,
    plan,
    permissions: derive(plan, { run: run.folder }),
    set: setOf(plan),
    run,
    tokens,
    events,
    ...(file === undefined ? {} : { file }),
    ...(surface === undefined ? {} : { surface }),
    ...(accept === undefined ? {} : { accept }),
    ...(plan.foreign === undefined ? {} : { foreign: foreignRequest(plan, plan.foreign) }),
  };
}

function foreignRequest(
  plan: Plan,
  foreign: NonNullable<Plan["foreign"]>,
): NonNullable<LaunchRequest["foreign"]> {
  const all = [...plan.steps, ...plan.finally];
  const code = Object.entries(foreign).map(([digest, { file, source }]) => {
    const name = all.find((step) => step.foreign === digest)?.uses ?? file;
    return [digest, { name, source }] as const;
  });
  return { code: Object.fromEntries(code), steps: deriveForeign(plan) };
}
