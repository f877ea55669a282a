import { RefusedError } from "../../engine/errors.ts";
import type { Permissions } from "../../engine/permissions/permissions.ts";
import type { Box } from "./box.ts";
import { findBox } from "./find_box.ts";
import { hasOption, optionValue } from "./command_line.ts";

/** Refuses to start anything in no box. */
export const requireConfinement = "--require-confinement";

/**
 * The box for what a command line starts: `--box none` does without, for machines on which bubblewrap
 * misbehaves; anything else takes what this machine can make.
 */
export async function chooseBox(args: readonly string[]): Promise<Box> {
  if (optionValue(args, "--box") === "none") return { kind: "none", why: "--box none was given" };
  return await findBox();
}

/**
 * Holds a command line to what it says of boxes: the launcher reads that itself, and does not leave it
 * to the planner.
 *
 * @throws RefusedError when `--box bubblewrap` or `--require-confinement` was given and is not met
 */
export function requireBox(args: readonly string[], box: Box): void {
  const wanted = optionValue(args, "--box");
  const fault = wanted === "bubblewrap" && box.kind !== "bubblewrap"
    ? "no box can be made by bubblewrap"
    : hasOption(args, requireConfinement) && box.kind === "none"
    ? "nothing would confine this run below Deno"
    : undefined;
  if (fault === undefined) return;
  throw new RefusedError(`${fault}: ${"why" in box ? box.why : ""}`, {
    hint: wanted === "none"
      ? `give ${requireConfinement} or --box none, not both`
      : "install bubblewrap and allow user namespaces, or start Sluice in a container",
  });
}

/**
 * Refuses a set with a program that wants a box of its own where bubblewrap makes none: before
 * anything starts, not when it is that program's turn.
 *
 * @throws RefusedError
 */
export function requireProgramBoxes(set: Permissions, box: Box): void {
  const wanting = set.run.find((grant) => grant.box !== undefined);
  if (wanting === undefined || box.kind === "bubblewrap") return;
  throw new RefusedError(
    `${wanting.program} may start in a box of its own only, and ${box.why}`,
    { hint: "install bubblewrap and allow user namespaces, or plan without that program" },
  );
}
