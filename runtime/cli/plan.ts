import { shellWord } from "../../engine/permissions/render/shell_word.ts";
import { type ExitCode, exitCode, UsageError } from "../../engine/errors.ts";
import { fold } from "../../engine/document/fold.ts";
import { tellBox } from "../../engine/permissions/box/tell_box.ts";
import { declaredBy } from "../../engine/permissions/derive.ts";
import { lockFile } from "../../engine/permissions/lock/lock_file.ts";
import type { Plan } from "../../engine/plan/plan.ts";
import { renderMermaid } from "../../engine/plan/render_mermaid.ts";
import { renderPlanText } from "../../engine/plan/render_text.ts";
import { shedTimeline } from "../../engine/plan/shed_timeline.ts";
import type { Registry } from "../../engine/registry.ts";
import { lockHint, signedHint } from "../launch/choose_ceilings.ts";
import type { Judgement } from "../launch/judge.ts";
import { resolvePath } from "../launch/resolve_path.ts";
import { showRefusal } from "../launch/show_missing.ts";
import { setOf } from "./launch_request.ts";
import { checkVerified } from "./pipeline_texts.ts";
import type { Asked, Place } from "./port.ts";
import { requirePlan } from "./require_plan.ts";
import { shownName } from "./shown_name.ts";
import type { SurfacePlan } from "./surface_plan.ts";

/**
 * `sluice plan FILE` and `sluice plan --surface NAME [FILE]`: what a run would do, touch and undo, and
 * whether the lock lets it, and if not, what `sluice run --accept` would have to say. The last line of
 * the text form names the set of permissions. Of a surface it ends with 7 where a run of it would,
 * since nothing can be accepted beside the lock; it is shown all the same.
 */
export async function plan(
  command: Asked<"plan">,
  place: Place,
  registry: Registry,
): Promise<ExitCode> {
  const { context, port } = place;
  checkVerified(command.requireSignature, place);
  const planned = await planOf(command, place, registry);
  if (planned === undefined) return exitCode.invalid;
  const { plan, file } = planned;
  const { format, surface } = command;
  if (format === "text") {
    const page = { color: context.color, columns: widthOf(place) };
    port.out(renderPlanText({ ...plan, file: shownName(plan.file, context.cwd) }, page));
    port.out(await foreseen(plan, place));
  } else {
    port.out(
      format === "mermaid"
        ? renderMermaid(plan)
        : JSON.stringify({ ...plan, shed: shedTimeline(plan) }, null, 2) + "\n",
    );
    if (surface === undefined) return exitCode.done;
  }
  const judged = await judge(command, plan, file, place);
  const isRefused = surface !== undefined && judged?.allowed !== true;
  if (format === "text") port.out(showJudgement(command, judged, setOf(plan), place));
  else if (isRefused) {
    const why = judged === undefined ? `there is no ${lockFile}` : showRefusal(judged);
    port.err(`sluice: ${why}\n  help: ${lockHint}\n`);
  }
  return isRefused ? exitCode.refused : exitCode.done;
}

async function planOf(
  command: Asked<"plan">,
  place: Place,
  registry: Registry,
): Promise<SurfacePlan | undefined> {
  const { file, surface } = command;
  if (surface !== undefined) {
    const { surfacePlan } = await import("./surface_plan.ts");
    return await surfacePlan({ ...command, surface }, place, registry);
  }
  if (file === undefined) {
    const hint = "name a pipeline, or a fixed surface with --surface";
    throw new UsageError("FILE is missing", { hint });
  }
  const plan = await requirePlan(file, command, place, registry);
  return plan && { plan, file: resolvePath(place.context.cwd, file) };
}

/** Columns of the text form. */
function widthOf({ context }: Place): number {
  return Math.max(context.columns, 80);
}

/** What would hold a run of it below Deno. */
async function foreseen(plan: Plan, place: Place): Promise<string> {
  const { port } = place;
  const { notes = [], ...box } = await port.box(declaredBy(plan));
  const lines = [`a run here is ${tellBox(box)}`, ...notes.map((note) => `  ${note}`)];
  return fold(`\n${lines.join("\n")}\n`, widthOf(place));
}

/** What the lock says of the set; `undefined` where there is no lock. */
async function judge(
  { surface }: Asked<"plan">,
  plan: Plan,
  file: string,
  { port }: Place,
): Promise<Judgement | undefined> {
  const code = Object.entries(plan.foreign ?? {}).map(([digest, { file }]) => ({
    name: file,
    digest,
  }));
  return await port.judge({
    permissions: declaredBy(plan),
    set: setOf(plan),
    code,
    file,
    ...(surface === undefined ? {} : { surface }),
  });
}

/** The same for people, what to do where it says no, and last the set's name. */
function showJudgement(
  command: Asked<"plan">,
  judged: Judgement | undefined,
  set: string,
  place: Place,
): string {
  const { surface } = command;
  const named = `set ${set}\n`;
  if (judged?.allowed) {
    const { by, acceptance = set } = judged;
    const behind = surface !== undefined || acceptance === set
      ? ""
      : `to hold a run to it, and to what links lead to: --accept ${acceptance}\n`;
    return `\n${by} covers it\n${behind}${named}`;
  }
  const says = judged === undefined ? "" : fold(`\n${showRefusal(judged)}\n`, widthOf(place));
  if (surface !== undefined) return says + `${lockHint}\n` + named;
  if (command.requireSignature !== undefined) return says + `${signedHint}\n` + named;
  return says + acceptance(command, judged?.acceptance ?? set) + named;
}

function acceptance({ file = "", param, params }: Asked<"plan">, digest: string): string {
  const command = [
    "sluice",
    "run",
    file,
    ...param.flatMap(([name, value]) => ["--param", `${name}=${value}`]),
    ...(params === undefined ? [] : ["--params", params]),
    "--accept",
    digest,
  ];
  return `\nto run with exactly these permissions where no ceiling covers them:\n` +
    `  ${command.map(shellWord).join(" ")}\n`;
}
