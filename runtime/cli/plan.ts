import { shellWord } from "../../engine/permissions/render/shell_word.ts";
import { type ExitCode, exitCode, UsageError } from "../../engine/errors.ts";
import { tellBox } from "../../engine/permissions/box/tell_box.ts";
import { declaredBy } from "../../engine/permissions/derive.ts";
import type { Plan } from "../../engine/plan/plan.ts";
import { renderMermaid } from "../../engine/plan/render_mermaid.ts";
import { renderPlanText } from "../../engine/plan/render_text.ts";
import { shedTimeline } from "../../engine/plan/shed_timeline.ts";
import type { Registry } from "../../engine/registry.ts";
import { lockHint, signedHint } from "../launch/choose_ceilings.ts";
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
 * the text form names the set of permissions.
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
  switch (command.format) {
    case "text":
      port.out(renderPlanText({ ...plan, file: shownName(plan.file, context.cwd) }, context));
      port.out(await foreseen(plan, place));
      port.out(await judgement(command, plan, file, place));
      break;
    case "json":
      port.out(JSON.stringify({ ...plan, shed: shedTimeline(plan) }, null, 2) + "\n");
      break;
    case "mermaid":
      port.out(renderMermaid(plan));
  }
  return exitCode.done;
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

/** What would hold a run of it below Deno. */
async function foreseen(plan: Plan, { port }: Place): Promise<string> {
  const { notes = [], ...box } = await port.box(declaredBy(plan));
  const lines = [`a run here is ${tellBox(box)}`, ...notes.map((note) => `  ${note}`)];
  return `\n${lines.join("\n")}\n`;
}

/** What the lock says of the set, what to do where it says no, and last the set's name. */
async function judgement(
  command: Asked<"plan">,
  plan: Plan,
  file: string,
  { port }: Place,
): Promise<string> {
  const { surface } = command;
  const code = Object.entries(plan.foreign ?? {}).map(([digest, { file }]) => ({
    name: file,
    digest,
  }));
  const judged = await port.judge({
    permissions: declaredBy(plan),
    set: setOf(plan),
    code,
    file,
    ...(surface === undefined ? {} : { surface }),
  });
  const set = setOf(plan);
  const named = `set ${set}\n`;
  if (judged?.allowed) {
    const { by, acceptance = set } = judged;
    const behind = surface !== undefined || acceptance === set
      ? ""
      : `to hold a run to it, and to what links lead to: --accept ${acceptance}\n`;
    return `\n${by} covers it\n${behind}${named}`;
  }
  const says = judged === undefined ? "" : `\n${showRefusal(judged)}\n`;
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
