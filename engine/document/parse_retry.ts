import type { Entry, Placed, RetryPolicy } from "./document.ts";
import type { Faults } from "./faults.ts";
import { describe, readFields } from "./read_fields.ts";
import { readDuration, readInteger } from "./read_scalar.ts";
import { percentPattern, retryShape } from "./shape.ts";

/** Reads `retry: { attempts: 5, delay: 1s, max_delay: 30s, jitter: 20% }`; all but attempts may be absent. */
export function parseRetry(
  entry: Entry | undefined,
  report: Faults,
): Placed<RetryPolicy> | undefined {
  if (entry === undefined) return undefined;
  const fields = readFields(entry.value, retryShape, report);
  const attempts = readInteger(fields.get("attempts"), 1, 1000, report);
  const delay = readDuration(fields.get("delay"), report);
  const maxDelay = readDuration(fields.get("max_delay"), report);
  const jitter = readJitter(fields.get("jitter"), report);
  if (attempts === undefined) return undefined;
  return {
    span: entry.value.span,
    value: {
      attempts: attempts.value,
      delay_ms: delay?.value ?? 1_000,
      max_delay_ms: maxDelay?.value ?? 30_000,
      jitter: jitter ?? 0.2,
    },
  };
}

function readJitter(entry: Entry | undefined, report: Faults): number | undefined {
  if (entry === undefined) return undefined;
  const { value: node } = entry;
  const value = node.kind === "scalar" ? node.value : undefined;
  if (typeof value === "number" && value >= 0 && value <= 1) return value;
  if (typeof value === "string" && new RegExp(percentPattern).test(value)) {
    return parsePercent(value);
  }
  const message = `jitter must be from 0% to 100%, not ${describe(node)}`;
  report.error("bad-percentage", node.span, message, "write for example 20% or 0.2");
  return undefined;
}

/** `20%` → 0.2. */
export function parsePercent(text: string): number {
  return Number(text.replace("%", "")) / 100;
}
