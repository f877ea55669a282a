import { type ExitCode, exitCode } from "../../engine/errors.ts";
import type { Plan } from "../../engine/plan/plan.ts";
import { renderMermaid } from "../../engine/plan/render_mermaid.ts";
import { renderPlanText } from "../../engine/plan/render_text.ts";
import { shedTimeline } from "../../engine/plan/shed_timeline.ts";
import type { Registry } from "../../engine/registry.ts";
import { setOf } from "./launch_request.ts";
import type { Asked, Place } from "./port.ts";
import { quoteArgument } from "../launch/quote_argument.ts";
import { requirePlan } from "./require_plan.ts";
import { shownName } from "./shown_name.ts";

/**
 * `sluice plan FILE`: what a run would do, touch and undo. The last line of the text form names the
 * set of permissions, which `sluice run --accept` takes.
 */
export async function plan(
  command: Asked<"plan">,
  place: Place,
  registry: Registry,
): Promise<ExitCode> {
  const { context, port } = place;
  const plan = await requirePlan(command.file, command, place, registry);
  if (plan === undefined) return exitCode.invalid;
  switch (command.format) {
    case "text":
      port.out(renderPlanText({ ...plan, file: shownName(plan.file, context.cwd) }, context));
      port.out(acceptance(command, plan));
      break;
    case "json":
      port.out(JSON.stringify({ ...plan, shed: shedTimeline(plan) }, null, 2) + "\n");
      break;
    case "mermaid":
      port.out(renderMermaid(plan));
  }
  return exitCode.done;
}

function acceptance({ file, param, params }: Asked<"plan">, plan: Plan): string {
  const set = setOf(plan);
  const command = [
    "sluice",
    "run",
    file,
    ...param.flatMap(([name, value]) => ["--param", `${name}=${value}`]),
    ...(params === undefined ? [] : ["--params", params]),
    "--accept",
    set,
  ];
  return `\nto run with exactly these permissions where no ceiling covers them:\n` +
    `  ${command.map(quoteArgument).join(" ")}\nset ${set}\n`;
}
