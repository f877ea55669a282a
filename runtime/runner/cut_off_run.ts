import { FailedError } from "../../engine/errors.ts";
import { runIds } from "../launch/find_run.ts";
import { readHistory } from "../cli/run_history.ts";

/**
 * The newest run of a folder, where it did not come to an end: the machine lost its power, the
 * process was killed, or the run waits for a person. A program that starts by itself goes on with it
 * before it begins anything new. A run that did nothing yet does not count.
 *
 * @param runs absolute path of the folder of the runs; it need not exist
 * @returns the run's id; `undefined` when the newest run ended, or there is none
 * @throws FailedError when the newest run's journal was changed: nobody then knows what it did
 */
export async function cutOffRun(runs: string): Promise<string | undefined> {
  for (const id of (await runIds(runs)).toReversed()) {
    const { outcome } = await readHistory(`${runs}/${id}/journal.jsonl`);
    switch (outcome) {
      case "empty":
        continue;
      case "running": // It is busy, and going on with it says so.
      case "cut-off":
      case "suspended":
        return id;
      case "damaged":
        throw new FailedError(`the journal of the newest run, ${id}, cannot be relied on`, {
          hint: `find out what it did, then move ${runs}/${id} away`,
        });
      default:
        return undefined;
    }
  }
}
