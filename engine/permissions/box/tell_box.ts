import type { RunBox } from "./run_box.ts";

/**
 * A box in words, as the clause that says where something runs.
 *
 * @example
 * ```ts
 * import { tellBox } from "./tell_box.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(tellBox({ kind: "bubblewrap" }), "in a box made by bubblewrap");
 * assert.equal(
 *   tellBox({ kind: "none", why: "no bwrap" }),
 *   "not confined below Deno, and may leave programs behind: no bwrap",
 * );
 * ```
 */
export function tellBox({ kind, why, notes = [] }: RunBox): string {
  const because = why === undefined ? "" : `: ${why}`;
  return [clause(kind, because), ...notes].join("; ");
}

function clause(kind: RunBox["kind"], because: string): string {
  switch (kind) {
    case "bubblewrap":
      return "in a box made by bubblewrap";
    case "container":
      return `in the container that the launcher is in${because}`;
    case "unit":
      return "in the unit of systemd that starts it";
    case "none":
      return `not confined below Deno, and may leave programs behind${because}`;
  }
}
