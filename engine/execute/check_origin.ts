import { InvalidInputError } from "../errors.ts";
import type { JournalEntry } from "../journal/entry.ts";

/** What a run is. */
export interface Origin {
  readonly run: string;
  /** The digest of its plan. */
  readonly plan: string;
}

/**
 * Refuses a journal that belongs to another run, or to another plan than the one at hand: what one
 * plan did is neither gone on with nor undone by another, however sound both are. A journal without
 * a line belongs to whoever begins it.
 *
 * @throws InvalidInputError
 */
export function checkOrigin(entries: readonly JournalEntry[], { run, plan }: Origin): void {
  const [first] = entries;
  if (first === undefined) return;
  if (first.type !== "run.started" && first.type !== "journal.continued") {
    throw new InvalidInputError(`the journal of run ${run} does not begin with its start`);
  }
  if (first.run !== run) {
    throw new InvalidInputError(`the journal in the folder of run ${run} is that of ${first.run}`);
  }
  if (first.plan !== plan) {
    throw new InvalidInputError(`run ${run} began with another plan: ${first.plan}, not ${plan}`, {
      hint: "put the plan.json back that it began with, or start a new run",
    });
  }
}
