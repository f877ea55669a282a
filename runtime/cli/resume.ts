import { type ExitCode, exitCode, InvalidInputError, RefusedError } from "../../engine/errors.ts";
import { derive } from "../../engine/permissions/derive.ts";
import { digestOf } from "../../engine/permissions/digest.ts";
import { isEmpty } from "../../engine/permissions/is_empty.ts";
import { minus } from "../../engine/permissions/minus.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import { readPermissions } from "../../engine/permissions/read_permissions.ts";
import type { Plan } from "../../engine/plan/plan.ts";
import { parsePlan } from "../../engine/plan/plan_from_json.ts";
import { showPermissions } from "../../engine/plan/show_permissions.ts";
import type { Registry } from "../../engine/registry.ts";
import type { RunMode } from "../launch/run_mode.ts";
import { checkSignedPlan } from "./check_signed_plan.ts";
import { describerOf } from "./describer_of.ts";
import { findRun, type RunFolder } from "../launch/find_run.ts";
import { checkVerified } from "./pipeline_texts.ts";
import { launchRequest } from "./launch_request.ts";
import type { Asked, Place } from "./port.ts";
import { readText } from "./read_text.ts";

/**
 * `sluice resume RUN` and `sluice undo RUN`: has the plan of an earlier run taken up again. Nothing
 * that its folder holds is believed: the permissions are computed again, and have to be those that
 * the run began with; under a signature, the plan as well.
 */
export async function resume(
  command: Asked<"resume"> | Asked<"undo">,
  place: Place,
  registry: Registry,
): Promise<ExitCode> {
  const { context, port } = place;
  checkVerified(command.requireSignature, place);
  const run = await findRun(context.runs, command.run);
  const plan = await parsePlan(
    await readText(`${run.folder}/plan.json`, "/"),
    registry,
    describerOf(port),
  );
  if (port.signed !== undefined) await checkSignedPlan(plan, run.id, place, registry);
  comparePermissions(plan, run, await readText(`${run.folder}/permissions.json`, "/"));
  const mode: RunMode = command.command === "undo"
    ? { kind: "undo" }
    : { kind: "resume", again: command.again };
  port.launch(launchRequest(plan, mode, run, command, plan));
  return exitCode.done;
}

function comparePermissions(plan: Plan, run: RunFolder, text: string): void {
  const now = derive(plan, { run: run.folder });
  const then = readPermissions(parse(text, run), "permissions.json");
  if (digestOf(now) === digestOf(then)) return;
  const list = [
    ...lines("now needed and not then", minus(now, then)),
    ...lines("then granted and not needed now", minus(then, now)),
  ];
  throw new RefusedError(
    `run ${run.id} began with other permissions than its plan needs now: ${list.join("; ")}`,
    { hint: "plan and run the pipeline anew, or go on with the version that began the run" },
  );
}

function lines(what: string, set: Permissions): readonly string[] {
  if (isEmpty(set)) return [];
  return [`${what}: ${showPermissions(set).map((one) => `${one.verb} ${one.what}`).join(", ")}`];
}

function parse(text: string, run: RunFolder): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidInputError(`permissions.json of run ${run.id} is not JSON`, { cause });
  }
}
