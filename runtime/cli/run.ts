import { type ExitCode, exitCode, UsageError } from "../../engine/errors.ts";
import type { Plan } from "../../engine/plan/plan.ts";
import type { Registry } from "../../engine/registry.ts";
import { resolvePath } from "../launch/resolve_path.ts";
import { describerOf } from "./describer_of.ts";
import { launchRequest, type PlanSource } from "./launch_request.ts";
import { checkVerified } from "./pipeline_texts.ts";
import type { Asked, Place } from "./port.ts";
import { readText } from "./read_text.ts";
import { runId } from "./run_id.ts";

/**
 * `sluice run FILE`, `sluice run --surface NAME [FILE]` and `sluice run --plan FILE`: has a new run
 * started.
 */
export async function run(
  command: Asked<"run">,
  place: Place,
  registry: Registry,
): Promise<ExitCode> {
  const { context, port } = place;
  checkVerified(command.requireSignature, place);
  const planned = await planOf(command, place, registry);
  if (planned === undefined) return exitCode.invalid;
  const { plan, source } = planned;
  const id = runId(port.clock.now(), port.random);
  const folder = context.runs === "/" ? `/${id}` : `${context.runs}/${id}`;
  port.launch(launchRequest(plan, { kind: "run" }, { id, folder }, command, source));
  return exitCode.done;
}

interface Planned {
  readonly plan: Plan;
  readonly source: PlanSource;
}

/** Loads what reads its kind of source: a plan that was resolved before needs neither YAML nor CEL. */
async function planOf(
  command: Asked<"run">,
  place: Place,
  registry: Registry,
): Promise<Planned | undefined> {
  const { cwd } = place.context;
  const source = sourceOf(command);
  switch (source.kind) {
    case "plan": {
      const { parsePlan } = await import("../../engine/plan/plan_from_json.ts");
      const text = await readText(source.file, cwd);
      const plan = await parsePlan(text, registry, describerOf(place.port));
      return { plan, source: {} };
    }
    case "pipeline": {
      const { requirePlan } = await import("./require_plan.ts");
      const plan = await requirePlan(source.file, command, place, registry);
      return plan && { plan, source: { file: resolvePath(cwd, source.file) } };
    }
    case "surface": {
      const { surfacePlan } = await import("./surface_plan.ts");
      const { surface } = source;
      const planned = await surfacePlan({ ...command, surface }, place, registry);
      return planned && { plan: planned.plan, source: { file: planned.file, surface } };
    }
  }
}

type Source =
  | { readonly kind: "plan" | "pipeline"; readonly file: string }
  | { readonly kind: "surface"; readonly surface: string };

function sourceOf({ file, plan, surface, accept, param, params }: Asked<"run">): Source {
  if (surface !== undefined) {
    if (plan !== undefined) {
      throw new UsageError("--surface and --plan were given", { hint: "give one of them" });
    }
    if (accept !== undefined) {
      throw new UsageError("--surface and --accept were given", {
        hint: "what a surface may do is in the lock; leave out one of them",
      });
    }
    return { kind: "surface", surface };
  }
  if (file !== undefined && plan === undefined) return { kind: "pipeline", file };
  if (file === undefined && plan === undefined) {
    throw new UsageError("FILE is missing", {
      hint: "name a pipeline, a fixed surface with --surface, or a plan with --plan",
    });
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
