import type { Document, Entry } from "./document.ts";
import { parseDuration } from "./duration.ts";
import type { Faults } from "./faults.ts";
import { parsePercent } from "./parse_retry.ts";
import { describe } from "./read_fields.ts";
import { everyPattern } from "./shape.ts";

/** Reads `every: 60s ± 10%`; `+-` and `+/-` do for keyboards without ±. */
export function parseEvery(entry: Entry | undefined, report: Faults): Document["every"] {
  if (entry === undefined) return undefined;
  const { value: node } = entry;
  const source = node.kind === "scalar" ? node.value : undefined;
  if (typeof source !== "string" || !new RegExp(everyPattern).test(source)) {
    report.error(
      "bad-duration",
      node.span,
      `every must be a duration with or without a random part, not ${describe(node)}`,
      "write for example 60s or 60s ± 10%",
    );
    return undefined;
  }
  const [period, percent] = source.split(/ *(?:±|\+\/?-) */);
  const jitter = percent === undefined ? 0 : parsePercent(percent);
  return { value: { period_ms: parseDuration(period!)!, jitter }, span: node.span };
}
