import { denoFlags } from "../../engine/permissions/deno_flags.ts";
import { derive } from "../../engine/permissions/derive.ts";
import { permissions } from "../../engine/permissions/permissions.ts";
import { union } from "../../engine/permissions/union.ts";
import type { Plan } from "../../engine/plan/plan.ts";

/** Where the checkout lies. */
export const project = decodeURIComponent(new URL("../..", import.meta.url).pathname)
  .replace(/\/$/, "");

/** A run: its folder is `runs/id`. */
export interface RunPlace {
  readonly runs: string;
  readonly id: string;
  /** A folder for the files of plans. */
  readonly plans: string;
}

/** What a runner is started for. */
export type RunnerMode = "plan" | "resume" | "resume again" | "undo";

/**
 * The command that starts a runner without a launcher, with exactly the set of the plan as its flags,
 * and reading the plan's file: what a unit's start script would hold.
 */
export async function runnerCommand(
  plan: Plan,
  { runs, id, plans }: RunPlace,
  mode: RunnerMode,
): Promise<readonly [program: string, ...args: string[]]> {
  const folder = `${runs}/${id}`;
  const file = `${plans}/${id}.json`;
  if (mode === "plan") await Deno.writeTextFile(file, JSON.stringify(plan));
  const set = union(derive(plan, { run: folder }), permissions({ read: [file] }));
  const what = {
    plan: ["--plan", file, "--run", id],
    resume: ["--resume", id],
    "resume again": ["--resume", id, "--again"],
    undo: ["--undo", id],
  }[mode];
  return [
    Deno.execPath(),
    ...["run", "--quiet", "--no-prompt", "--no-check", "--cached-only", "--frozen"],
    `--config=${project}/deno.json`,
    ...denoFlags(set, { programs: { ln: "/usr/bin/ln" } }),
    `${project}/runtime/runner.ts`,
    ...what,
    ...["--runs", runs],
  ];
}
