import { InvalidInputError, NotAuthorisedError, RefusedError } from "../../engine/errors.ts";
import { planName, readLaunchRecords, recordSuffix } from "./launch_record.ts";
import type { LaunchPlaces } from "./places.ts";
import type { LaunchRequest } from "./planner_protocol.ts";

/**
 * Makes sure that what is gone on with or undone is the plan that the launcher started the run with.
 * The run's folder was the run's own to write; the record beside it was not.
 *
 * @param signed whether a signature is required: then a run that nobody recorded is not gone on with
 * @throws RefusedError when the plan is another one, NotAuthorisedError where a signature is required
 * @throws NotAuthorisedError when there is no record, and one is needed
 */
export async function checkBegun(
  { mode, plan, run }: Pick<LaunchRequest, "mode" | "plan" | "run">,
  { runs }: Pick<LaunchPlaces, "runs">,
  signed: boolean,
): Promise<void> {
  if (mode.kind === "run") return;
  const [first] = await readRecord(`${runs}/${run.id}${recordSuffix}`);
  if (first === undefined) {
    if (!signed) return; // Begun by a runner without a launcher, or before there were records.
    throw new NotAuthorisedError(`nobody recorded what run ${run.id} began with`, {
      hint: "what is to be gone on with under a signature has to be started by sluice run",
    });
  }
  if (first.plan === planName(plan)) return;
  const message = `the plan of run ${run.id} is not the one that it began with`;
  const hint = "put back the plan.json that it began with, or start a new run";
  throw signed ? new NotAuthorisedError(message, { hint }) : new RefusedError(message, { hint });
}

async function readRecord(path: string) {
  try {
    // A pipe would keep whoever goes on with the run waiting.
    if (!(await Deno.stat(path)).isFile) throw new InvalidInputError("it is no regular file");
    return readLaunchRecords(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    if (!(error instanceof InvalidInputError)) throw error;
    throw new RefusedError(`${path}: ${error.message}`);
  }
}
