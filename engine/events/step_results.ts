import type { Token } from "./read_tokens.ts";

/** A START with what became of it, or a skipped step. */
export interface StepResult {
  readonly run: string;
  /** Id of the step; that of an undo ends with `.undo`. */
  readonly id: string;
  readonly status: "ok" | "skipped" | "failed" | "unfinished";
  /** Seconds. */
  readonly elapsed_s?: number;
  /** What the step said; of a failure, its reason. */
  readonly notes?: string;
  readonly artifact?: string;
  readonly exit?: number;
}

/**
 * Puts the STARTs of a log together with their ends, in the order of the STARTs. Of a step that was
 * interrupted and started again only the last attempt counts.
 */
export function stepResults(tokens: readonly Token[]): readonly StepResult[] {
  const results: StepResult[] = [];
  /** Places in `results`, by run and id. */
  const open = new Map<string, number>();
  for (const { id, status, details } of tokens) {
    const { run = "", elapsed_s, notes, artifact, exit } = details;
    const name = JSON.stringify([run, id]);
    const place = open.get(name);
    if (status === "START") {
      if (place === undefined) open.set(name, results.push({ run, id, status: "unfinished" }) - 1);
      continue;
    }
    const ended = status === "FAIL" ? "failed" : details.skipped ? "skipped" : "ok";
    const result: StepResult = {
      run,
      id,
      status: ended,
      ...(elapsed_s === undefined ? {} : { elapsed_s }),
      ...(notes === undefined ? {} : { notes }),
      ...(artifact === undefined ? {} : { artifact }),
      ...(exit === undefined ? {} : { exit }),
    };
    if (place === undefined) results.push(result);
    else results[place] = result;
    open.delete(name);
  }
  return results;
}
