import { readVariable } from "../../engine/read_variable.ts";
import { type ExitCode, exitCode, FailedError, InvalidInputError } from "../../engine/errors.ts";
import type { RunBox } from "../../engine/permissions/box/run_box.ts";
import type { DenoGrant } from "../../engine/permissions/deno_grant.ts";
import { derive } from "../../engine/permissions/derive.ts";
import { parsePlan } from "../../engine/plan/plan_from_json.ts";
import { registry } from "../../steps/registry.ts";
import { runId } from "../cli/run_id.ts";
import { tokenKeyVariable } from "../launch/child_environment.ts";
import { openSinks } from "../launch/open_sinks.ts";
import { openOutput } from "../launch/open_output.ts";
import { keptRuns, prune } from "../launch/prune.ts";
import type { RunMode } from "../launch/run_mode.ts";
import { resolvePath } from "../launch/resolve_path.ts";
import { screenOf } from "../launch/screen.ts";
import { cutOffRun } from "./cut_off_run.ts";
import { grantedPrograms } from "./granted_programs.ts";
import type { Interruption } from "./interruption.ts";
import { refuseUngranted } from "./refuse_ungranted.ts";
import { refuseUnaided } from "./refuse_unaided.ts";
import { runPlan } from "./run_plan.ts";
import {
  readStandaloneArguments,
  type StandaloneArguments,
  standaloneHelp,
} from "./standalone_arguments.ts";
import { writeWhole } from "./write_whole.ts";

/**
 * Runs a plan without a launcher: what a unit or a start script with fixed flags does. The flags are
 * then all that confines it; the set of the plan is computed and recorded as ever. Tokens go straight
 * to standard output, with a mac where this process may read the key.
 */
export async function runStandalone(
  args: readonly string[],
  interruption: Interruption,
  shipped: unknown,
): Promise<ExitCode> {
  if (args.includes("--help")) {
    writeWhole(Deno.stdout, standaloneHelp);
    return exitCode.done;
  }
  const given = readStandaloneArguments(args, shipped !== undefined);
  const runs = absolute(given.runs);
  const started = await startOf(given, runs);
  const run = {
    id: started.id,
    folder: resolvePath(runs, started.id),
    given: { runs: given.runs },
    pid: Deno.pid,
  };
  const plan = await parsePlan(await readPlan(given, started.mode, run.folder, shipped), registry);
  refuseUnaided(plan);
  const permissions = derive(plan, { run: run.folder });
  const programs = await grantedPrograms(permissions, given.programs);
  await refuseUngranted(permissions, programs);
  const screen = screenOf(Deno.stderr);
  const stdout = openOutput(Deno.stdout);
  const stderr = openOutput(Deno.stderr);
  const hurry = () => {
    stdout.hurry();
    stderr.hurry();
  };
  if (interruption.first.aborted) hurry();
  else interruption.first.addEventListener("abort", hurry);
  const sinks = openSinks({
    tokens: given.tokens,
    events: given.events,
    key: await takeKey(),
    stdout,
    stderr,
    color: screen.terminal && !Deno.noColor,
    columns: screen.columns,
    given: run.given,
  });
  const end = await runPlan({
    mode: started.mode,
    plan,
    permissions,
    run,
    programs,
    emit: (event) => sinks.forEach((sink) => sink.event(event)),
    interruption,
    spent: spent(given),
    box: given.box === "none" ? startedAlone : { kind: given.box },
  });
  for (const sink of sinks) sink.close?.();
  // What cannot be tidied up today is tidied up tomorrow.
  await prune(runs, keptRuns, run.id).catch(() => {});
  await Promise.all([stdout.flush(), stderr.flush()]);
  return end.exit;
}

/** Nobody put a box around it that says so. */
const startedAlone: RunBox = {
  kind: "none",
  why: "it was started by itself; its unit would hold it",
};

/** What only the beginning needs: no step is to read the key of the tokens. */
function spent({ plan }: StandaloneArguments): readonly DenoGrant[] {
  return [
    ...(plan === undefined ? [] : [{ kind: "read", entry: absolute(plan) } as const]),
    { kind: "env", entry: tokenKeyVariable },
    { kind: "env", entry: "NO_COLOR" },
  ];
}

/** With `--go-on`, the run that was cut off is resumed; where there is none, a new one is begun. */
async function startOf(
  { mode, run, goOn }: StandaloneArguments,
  runs: string,
): Promise<{ readonly id: string; readonly mode: RunMode }> {
  const cutOff = goOn ? await cutOffRun(runs) : undefined;
  if (cutOff !== undefined) return { id: cutOff, mode: { kind: "resume", again: false } };
  return { id: run ?? runId(new Date(), Math.random), mode };
}

/** A new run has the plan that it was given; one that goes on has its own. */
async function readPlan(
  { plan }: StandaloneArguments,
  mode: RunMode,
  folder: string,
  shipped: unknown,
): Promise<string> {
  const isNew = mode.kind === "run";
  if (isNew && plan === undefined) return JSON.stringify(shipped);
  const file = isNew ? plan! : `${folder}/plan.json`;
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (!(error instanceof Deno.errors.NotFound)) {
      throw new FailedError(`${file} cannot be read: ${reason}`, { cause: error });
    }
    if (!isNew) throw new InvalidInputError(`there is no plan in ${folder}: is it a run?`);
    throw new InvalidInputError(`there is no plan in ${file}`, {
      hint: "make one with sluice plan --format json",
    });
  }
}

/** Asking where it stands needs the right to read that; the paths of a unit are absolute. */
function absolute(path: string): string {
  return path.startsWith("/") ? path : resolvePath(Deno.cwd(), path);
}

/** The key of the tokens. It is gone then from this process and from what it starts. */
async function takeKey(): Promise<string | undefined> {
  const key = await ownVariable(tokenKeyVariable);
  if (key !== undefined) Deno.env.delete(tokenKeyVariable);
  return key;
}

/** A variable, where this process may read it. */
async function ownVariable(name: string): Promise<string | undefined> {
  const { state } = await Deno.permissions.query({ name: "env", variable: name });
  return state === "granted" ? readVariable(name) : undefined;
}
