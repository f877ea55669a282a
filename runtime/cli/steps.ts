import { didYouMean } from "../../engine/document/suggest.ts";
import { type ExitCode, exitCode, UsageError } from "../../engine/errors.ts";
import type { Json } from "../../engine/json.ts";
import type { Registry } from "../../engine/registry.ts";
import { describeStep, renderStepText } from "../../engine/schema/describe_step.ts";
import { stringify } from "yaml";
import type { Asked, Place } from "./port.ts";
import { renderList } from "./render_list.ts";

/** `sluice steps [NAME]`: what pipelines can use. */
export function steps(
  { name, format }: Asked<"steps">,
  { port }: Place,
  registry: Registry,
): ExitCode {
  if (name === undefined) {
    const rows = [...registry.values()]
      .map(({ name, effect, summary }) => ({ name, effect, summary }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    port.out(renderList(format, "steps", rows, [
      ["STEP", (row) => row.name],
      ["EFFECT", (row) => row.effect],
      ["SUMMARY", (row) => row.summary],
    ]));
    return exitCode.done;
  }
  const step = registry.get(name);
  if (step === undefined) {
    const hint = didYouMean(name, [...registry.keys()]) ?? "sluice steps lists them";
    throw new UsageError(`there is no step ${JSON.stringify(name)}`, { hint });
  }
  const description = describeStep(step);
  if (format === "table") port.out(renderStepText(description));
  else if (format === "json") port.out(JSON.stringify(description, null, 2) + "\n");
  else port.out(stringify(description as unknown as Json, { version: "1.2", lineWidth: 0 }));
  return exitCode.done;
}
