import { permissions } from "../permissions.ts";
import { union } from "../union.ts";
import { shellWord } from "./shell_word.ts";
import type { RenderedSurface } from "./rendering.ts";

/**
 * A surface that may also read its plan and keep its runs, as each runner does, and what a person has
 * to do before, and to add to the command that starts its runner, as comments for a shell. The command
 * itself ends before that: a run is new, gone on with or undone.
 *
 * @param more what else is to be added, such as `--box bubblewrap`
 */
export function withPlan(
  surface: RenderedSurface,
  more = "",
): { readonly surface: RenderedSurface; readonly comment: string } {
  const { name, plan, places, locked } = surface;
  if (plan === undefined) return { surface, comment: "" };
  const isCeiling = locked?.kind === "open";
  const runs = isCeiling ? [places.runs] : [];
  const added = `--plan ${shellWord(plan)} --runs ${shellWord(places.runs)}${more}`;
  const asked = `sluice plan --surface ${name}${isCeiling ? " FILE" : ""} --format json`;
  const beside = isCeiling
    ? "# Besides the ceiling, it may keep its runs: the launcher lets it do so in its own folder only.\n"
    : "";
  return {
    surface: {
      ...surface,
      set: union(surface.set, permissions({ read: [plan, ...runs], write: runs })),
    },
    // The plan lies beside the runs.
    comment: `# First: mkdir -p ${shellWord(places.runs)}
# The plan is written by: ${asked} > ${shellWord(plan)}
# Add to the end: ${added}
${beside}`,
  };
}
