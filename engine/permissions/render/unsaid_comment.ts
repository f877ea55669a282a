/**
 * What a layer has no words for, as comments at the end of its file: whoever keeps the file keeps
 * that too. Empty where everything is said.
 *
 * @param what such as `unit`
 *
 * @example
 * ```ts
 * import { unsaidComment } from "./unsaid_comment.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(
 *   unsaidComment("unit", ["it knows no ports"]),
 *   "\n# What this unit cannot say:\n# - it knows no ports\n",
 * );
 * assert.equal(unsaidComment("unit", []), "");
 * ```
 */
export function unsaidComment(what: string, unsaid: readonly string[]): string {
  if (unsaid.length === 0) return "";
  const lines = unsaid.map((one) => `# - ${one.replaceAll(/\s+/g, " ")}\n`);
  return `\n# What this ${what} cannot say:\n${lines.join("")}`;
}
