import * as v from "valibot";
import { didYouMean } from "../../engine/document/suggest.ts";
import { type ExitCode, exitCode, InvalidInputError, UsageError } from "../../engine/errors.ts";
import { followUp, type GivenAtStart } from "../../engine/events/follow_up.ts";
import { checkOrigin } from "../../engine/execute/check_origin.ts";
import { type Ledger, makeLedger } from "../../engine/execute/ledger.ts";
import { openJournal } from "../../engine/journal/journal.ts";
import type { JsonObject } from "../../engine/json.ts";
import { definitionIn } from "../../engine/plan/definition_in.ts";
import { parsePlan } from "../../engine/plan/plan_from_json.ts";
import type { PlannedStep } from "../../engine/plan/plan.ts";
import type { Registry } from "../../engine/registry.ts";
import type { AnyStep } from "../../engine/step.ts";
import { describerOf } from "./describer_of.ts";
import { findRun, type RunFolder } from "../launch/find_run.ts";
import { readLaunchRecords, recordSuffix } from "../launch/launch_record.ts";
import { defaultRuns } from "./options.ts";
import type { Asked, Place } from "./port.ts";
import { readText } from "./read_text.ts";

/**
 * `sluice mark-done RUN STEP --reason TEXT`: a person vouches for a step that was cut off and can
 * neither be undone nor safely be run again. Written into the journal, with the name of the person.
 */
export async function markDone(
  command: Asked<"mark-done">,
  { context, port }: Place,
  registry: Registry,
): Promise<ExitCode> {
  const run = await findRun(context.runs, command.run);
  const plan = await parsePlan(
    await readText(`${run.folder}/plan.json`, "/"),
    registry,
    describerOf(port),
  );
  const { step, reason } = command;
  const planned = findStep([...plan.steps, ...plan.finally], step);
  if (reason.trim() === "") throw new UsageError("--reason is empty", { hint: "say why" });
  const actor = await whoAsks(port.env);
  const journal = await openJournal(`${run.folder}/journal.jsonl`, {
    clock: port.clock,
    make: false,
  });
  try {
    checkOrigin(journal.entries, { run: run.id, plan: plan.digest });
    checkOpen(makeLedger(journal.entries), step, run.id);
    const facts = readFacts(command.facts, planned, definitionIn(plan, planned, registry)!);
    await journal.append({ type: "step.marked-done", step, reason, actor, facts }, { sync: true });
  } finally {
    await journal.close();
  }
  const goOn = followUp("resume", { id: run.id, given: await givenAtStart(command, run) });
  port.err(`${step} of run ${run.id} is marked done; go on: ${goOn}\n`);
  return exitCode.done;
}

/** What resuming the run takes: where it is, and what was accepted when it was last started. */
async function givenAtStart(
  { runs }: Asked<"mark-done">,
  { folder }: RunFolder,
): Promise<GivenAtStart> {
  const records = await Deno.readTextFile(`${folder}${recordSuffix}`).then(
    readLaunchRecords,
    () => [], // A runner without a launcher leaves none.
  );
  const accept = records.at(-1)?.accept;
  return {
    ...(runs === defaultRuns ? {} : { runs }),
    ...(accept === undefined ? {} : { accept }),
  };
}

/** Only a step that began and did not end waits for a person's word. */
function checkOpen({ finished, steps }: Ledger, step: string, run: string): void {
  if (finished !== undefined) {
    throw new InvalidInputError(`run ${run} has ended (${finished.outcome})`, {
      hint: "only what can still be resumed can be marked",
    });
  }
  const state = steps.get(step)?.state;
  if (state === undefined) {
    throw new InvalidInputError(`${step} was never started in run ${run}`, {
      hint: "resume the run: it will be run in its turn",
    });
  }
  if (state === "done" || state === "skipped" || state === "undone") {
    throw new InvalidInputError(`${step} of run ${run} is ${state} already`, {
      hint: "only a step that was cut off can be marked",
    });
  }
}

/** A step by its id; items of a late list are called `<id>.<n>`. */
function findStep(steps: readonly PlannedStep[], id: string): PlannedStep {
  const found = steps.find((step) => step.id === id) ??
    steps.find((step) => step.for_each && id.replace(/\.\d+$/, "") === step.id);
  if (found !== undefined) return found;
  const hint = didYouMean(id, steps.map((step) => step.id));
  throw new InvalidInputError(`the plan has no step ${JSON.stringify(id)}`, {
    ...(hint === undefined ? {} : { hint }),
  });
}

function readFacts(text: string | undefined, planned: PlannedStep, step: AnyStep): JsonObject {
  const { id, uses } = planned;
  let value: unknown;
  try {
    value = JSON.parse(text ?? "{}");
  } catch (cause) {
    throw new InvalidInputError("--facts is not JSON", {
      cause,
      hint: `write for example --facts '{"release": "1.4.0"}'`,
    });
  }
  const { success, output, issues } = v.safeParse(step.facts, value);
  if (success) return output as JsonObject;
  const list = issues.map((issue) => {
    const name = v.getDotPath(issue) ?? "facts";
    return issue.received === "undefined" ? `${name} is missing` : `${name}: ${issue.message}`;
  });
  throw new InvalidInputError(`these are no facts of ${id} (${uses}): ${list.join("; ")}`, {
    hint: `give them with --facts; sluice steps ${uses} says what they are`,
  });
}

async function whoAsks(env: Place["port"]["env"]): Promise<string> {
  const { values } = await env(["SUDO_USER", "USER", "LOGNAME"]);
  const { SUDO_USER, USER, LOGNAME } = values;
  return [SUDO_USER, USER, LOGNAME].find((name) => name !== undefined && name !== "") ?? "unknown";
}
