/**
 * A text in which nothing can be read of what stands under `environment`, line for line and column for
 * column the same: excerpts are taken from it, and the values may be secrets.
 *
 * @example
 * ```ts
 * import { hideEnvironment } from "./hide_environment.ts";
 * import assert from "node:assert/strict";
 *
 * const hidden = hideEnvironment("environment:\n  TOKEN: abc\nname: x\n");
 * assert.equal(hidden, "environment:\n  TOKEN: ***\nname: x\n");
 * ```
 */
export function hideEnvironment(text: string): string {
  /** Columns that the line of `environment` is indented by; -1 outside of it. */
  let within = -1;
  return text.split("\n").map((line) => {
    const indent = /^\s*/.exec(line)![0].length;
    if (within >= 0 && (indent > within || line.trim() === "")) return hide(line, 0);
    // A bracket may close what began above.
    within = -1;
    const [head] = /^.*?\benvironment\b["']?\s*:/.exec(line) ?? [];
    if (head === undefined) return line;
    within = indent;
    return head + line.slice(head.length).replaceAll(/\S/g, "*");
  }).join("\n");
}

/** Leaves the name of a variable. */
function hide(line: string, from: number): string {
  const [head = line.slice(0, from)] = /^\s*["']?[A-Za-z_]\w*["']?\s*:/.exec(line) ?? [];
  return head + line.slice(head.length).replaceAll(/\S/g, "*");
}
