import { type ExitCode, exitCode, UsageError } from "../../engine/errors.ts";
import { parsePlan } from "../../engine/plan/plan_from_json.ts";
import type { Registry } from "../../engine/registry.ts";
import { describerOf } from "./describer_of.ts";
import { launchRequest } from "./launch_request.ts";
import type { Asked, Place } from "./port.ts";
import { readText } from "./read_text.ts";
import { requirePlan } from "./require_plan.ts";
import { resolvePath } from "../launch/resolve_path.ts";
import { runId } from "./run_id.ts";

/** `sluice run FILE` and `sluice run --plan FILE`: has a new run started. */
export async function run(
  command: Asked<"run">,
  place: Place,
  registry: Registry,
): Promise<ExitCode> {
  const { context, port } = place;
  const source = sourceOf(command);
  const plan = source.kind === "plan"
    ? await parsePlan(await readText(source.file, context.cwd), registry, describerOf(port))
    : await requirePlan(source.file, command, place, registry);
  if (plan === undefined) return exitCode.invalid;
  const id = runId(port.clock.now(), port.random);
  const folder = context.runs === "/" ? `/${id}` : `${context.runs}/${id}`;
  const file = source.kind === "plan" ? undefined : resolvePath(context.cwd, source.file);
  port.launch(launchRequest(plan, { kind: "run" }, { id, folder }, command, file));
  return exitCode.done;
}

interface Source {
  readonly kind: "pipeline" | "plan";
  readonly file: string;
}

function sourceOf({ file, plan, param, params }: Asked<"run">): Source {
  if (file !== undefined && plan === undefined) return { kind: "pipeline", file };
  if (file === undefined && plan === undefined) {
    throw new UsageError("FILE is missing", { hint: "name a pipeline, or a plan with --plan" });
  }
  if (file !== undefined) {
    throw new UsageError("a pipeline and --plan were given", { hint: "give one of them" });
  }
  if (param.length > 0 || params !== undefined) {
    throw new UsageError("a plan already has its values", {
      hint: "leave out --param and --params, or name the pipeline instead of --plan",
    });
  }
  return { kind: "plan", file: plan! };
}
