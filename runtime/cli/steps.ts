import { didYouMean } from "../../engine/document/suggest.ts";
import { type ExitCode, exitCode, UsageError } from "../../engine/errors.ts";
import type { Json, JsonObject } from "../../engine/json.ts";
import type { Registry } from "../../engine/registry.ts";
import { ForeignFault } from "../../engine/foreign/foreign_fault.ts";
import { sourceBytes } from "../../engine/foreign/limits.ts";
import { defineForeign } from "../../engine/foreign/foreign_definition.ts";
import { isForeign } from "../../engine/plan/load_foreign.ts";
import {
  describeStep,
  describeWith,
  exampleParams,
  renderStepText,
  type StepDescription,
} from "../../engine/schema/describe_step.ts";
import type { AnyStep } from "../../engine/step.ts";
import { resolvePath } from "../launch/resolve_path.ts";
import { describerOf } from "./describer_of.ts";
import { stringify } from "yaml";
import type { Asked, Place } from "./port.ts";
import { readText } from "./read_text.ts";
import { renderList } from "./render_list.ts";

/** `sluice steps [NAME]`: what pipelines can use, and a file that is a step of others. */
export async function steps(
  { name, format }: Asked<"steps">,
  place: Place,
  registry: Registry,
): Promise<ExitCode> {
  const { context, port } = place;
  if (name === undefined) {
    const rows = [...registry.values()]
      .map(({ name, effect, summary }) => ({ name, effect, summary }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    port.out(renderList(format, "steps", rows, [
      ["STEP", (row) => row.name],
      ["EFFECT", (row) => row.effect],
      ["SUMMARY", (row) => row.summary],
    ], Math.max(context.columns, 80)));
    return exitCode.done;
  }
  const description = isForeign(name)
    ? await describeFile(name, place)
    : describeStep(stepNamed(name, registry));
  if (format === "table") port.out(renderStepText(description, Math.max(context.columns, 80)));
  else if (format === "json") port.out(JSON.stringify(description, null, 2) + "\n");
  else port.out(stringify(description as unknown as Json, { version: "1.2", lineWidth: 0 }));
  return exitCode.done;
}

function stepNamed(name: string, registry: Registry): AnyStep {
  const step = registry.get(name);
  if (step !== undefined) return step;
  const hint = didYouMean(name, [...registry.keys()]) ?? "sluice steps lists them";
  throw new UsageError(`there is no step ${JSON.stringify(name)}`, { hint });
}

/** A step of others, documented like one of the registry. */
async function describeFile(name: string, { context, port }: Place): Promise<StepDescription> {
  const file = resolvePath(context.cwd, name);
  const source = await readText(name, context.cwd, sourceBytes);
  const { step, code, permissions } = await defineForeign(
    { name, file, source },
    describerOf(port),
  );
  const params = code.description.example === undefined ? undefined : paramsOf(step);
  return describeWith(step, params && await permissions(params));
}

function paramsOf(step: AnyStep): JsonObject | undefined {
  try {
    return exampleParams(step);
  } catch (error) {
    throw new ForeignFault(`${step.name}: ${error instanceof Error ? error.message : error}`);
  }
}
