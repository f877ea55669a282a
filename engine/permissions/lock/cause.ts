/** Who needs a grant: a step, for running or for being undone. */
export interface Cause {
  /** Full id of the step; of a list, without the number of the item. */
  readonly step: string;
  /** Name of its definition. */
  readonly uses: string;
  readonly phase: "run" | "undo";
  /** Path of its pipeline, relative to the project. */
  readonly file: string;
}

/**
 * A cause as the lock has it. No line: one that moves would change the lock, though nobody was given
 * anything. `sluice lock --check` tells the line of today.
 *
 * @example
 * ```ts
 * import { readCause, showCause } from "./cause.ts";
 * import assert from "node:assert/strict";
 *
 * const cause = { step: "P5-3", uses: "release.switch", phase: "undo", file: "a b.yaml" } as const;
 * assert.equal(showCause(cause), "undo of P5-3 release.switch in a b.yaml");
 * assert.deepEqual(readCause(showCause(cause)), cause);
 * ```
 */
export function showCause({ step, uses, phase, file }: Cause): string {
  return `${phase === "undo" ? "undo of " : ""}${step} ${uses} in ${file}`;
}

/** Reads what {@linkcode showCause} wrote; `undefined` for anything else. */
export function readCause(text: string): Cause | undefined {
  const match = /^(undo of )?(\S+) (\S+) in (.+)$/.exec(text);
  if (match === null) return undefined;
  const [, undo, step, uses, file] = match;
  return { step: step!, uses: uses!, phase: undo === undefined ? "run" : "undo", file: file! };
}
