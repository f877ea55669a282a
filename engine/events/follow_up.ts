import { shellWord } from "../permissions/render/shell_word.ts";

/** What was given when a run was started, and has to be given again by whoever takes it up. */
export interface GivenAtStart {
  /** The value of `--runs`. */
  readonly runs?: string;
  /** The value of `--accept`. */
  readonly accept?: string;
}

/** A run that is spoken of. */
export interface NamedRun {
  readonly id: string;
  readonly given?: GivenAtStart;
}

/**
 * The command with which a person takes a run up, as it can be typed where the run was started.
 *
 * @param more what follows the id of the run; words of a shell
 *
 * @example
 * ```ts
 * import { followUp } from "./follow_up.ts";
 * import assert from "node:assert/strict";
 *
 * const run = { id: "r1", given: { runs: "my runs", accept: "sha256:00" } };
 * assert.equal(followUp("resume", run, "--again"), "sluice resume r1 --again --runs 'my runs' --accept sha256:00");
 * assert.equal(followUp("mark-done", run, "P5-3"), "sluice mark-done r1 P5-3 --runs 'my runs'");
 * assert.equal(followUp("undo", { id: "r1" }), "sluice undo r1");
 * ```
 */
export function followUp(
  command: "resume" | "undo" | "mark-done",
  { id, given: { runs, accept } = {} }: NamedRun,
  more?: string,
): string {
  return [
    `sluice ${command} ${id}`,
    ...(more === undefined ? [] : [more]),
    ...(runs === undefined ? [] : [`--runs ${shellWord(runs)}`]),
    // Nothing is started by a mark.
    ...(accept === undefined || command === "mark-done" ? [] : [`--accept ${accept}`]),
  ].join(" ");
}
