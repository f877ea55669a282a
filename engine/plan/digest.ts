import { canonicalJson, type Json } from "../json.ts";
import { sha256 } from "../sha256.ts";
import type { Plan, PlannedStep } from "./plan.ts";

/**
 * SHA-256 over the canonical JSON of a value, as `sha256:` and 64 hex digits.
 *
 * @example
 * ```ts
 * import { digestOf } from "./digest.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(digestOf({ a: 1, b: 2 }), digestOf({ b: 2, a: 1 }));
 * ```
 */
export function digestOf(value: Json): string {
  return `sha256:${sha256(canonicalJson(value))}`;
}

/**
 * The digest of what a step does: its definition's name (of one of others, its code) and its input,
 * known and late. Two steps
 * with one digest and one evaluated late input do the same work, wherever they stand.
 */
export function stepDigest(
  step: Pick<PlannedStep, "uses" | "foreign" | "params" | "late" | "item" | "for_each">,
): string {
  const { uses, foreign, params, late, item, for_each } = step;
  return digestOf({
    uses,
    ...(foreign !== undefined && { foreign }),
    params,
    late: late as unknown as Json,
    ...(item !== undefined && { item }),
    ...(for_each && { for_each: for_each as unknown as Json }),
  });
}

/** The digest of a plan: of everything in it but the digest itself. */
export function planDigest(plan: Omit<Plan, "digest"> & { readonly digest?: string }): string {
  const { digest: _, ...rest } = plan;
  return digestOf(rest as unknown as Json);
}
