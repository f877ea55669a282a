import { exitCode } from "../errors.ts";
import type { RunMode } from "./mode.ts";
import type { PassEnd } from "./run_pass.ts";
import type { ExecuteHost } from "./host.ts";
import type { Ledger } from "./ledger.ts";
import type { Recorder } from "./recorder.ts";

/** What repeating needs beside the host. */
export interface Cycles {
  readonly every: { readonly period_ms: number; readonly jitter: number };
  readonly ledger: Ledger;
  readonly recorder: Recorder;
  /** Has what is recorded of the cycles before let go of, where that has grown too long. */
  turn(): Promise<void>;
  /** Goes over the plan once. */
  pass(mode: RunMode): Promise<PassEnd>;
}

/**
 * Repeats a pass, from one beginning to the next, until the end is asked for. What goes wrong in
 * one cycle is told and does not keep the next one from its turn; a new cycle never begins before
 * the last one has ended.
 *
 * @returns `done` when the end was asked for, whether within a cycle or between two, and whatever
 * became of cycles; but the end of the last one where something of it is left behind, or it waits for
 * a person
 */
export async function repeat(cycles: Cycles, host: ExecuteHost): Promise<PassEnd> {
  const { every, ledger, recorder } = cycles;
  const open = ledger.cycle?.open === true ? ledger.cycle.number : undefined;
  let mode: RunMode = host.mode;
  for (let cycle = open ?? (ledger.cycle?.number ?? 0) + 1;; cycle++) {
    const began = host.clock.monotonic();
    if (cycle !== open) {
      mode = { kind: "run" };
      // Not sooner: until the next one begins, what the last one did can be undone.
      await cycles.turn();
      await recorder.tell(() => ({ record: { type: "cycle.started", cycle } }), { sync: false });
    }
    const end = await cycles.pass(mode);
    if (end.suspended) return end;
    const { outcome, exit, failure } = end;
    await recorder.tell(() => ({
      record: { type: "cycle.finished", cycle, outcome, exit },
      event: {
        type: "cycle.finished",
        cycle,
        outcome,
        exit,
        ...(failure === undefined ? {} : { failure }),
      },
    }), { sync: false });
    if (host.signal.aborted) return toldToEnd(end);
    const period = every.period_ms * (1 + every.jitter * (2 * host.random() - 1));
    const left = Math.max(0, began + period - host.clock.monotonic());
    try {
      await host.clock.sleep(left, host.signal);
    } catch (error) {
      if (!host.signal.aborted) throw error;
      return toldToEnd(end);
    }
  }
}

/** A moment later, in the pause, the same call would have met a cycle that had ended. */
function toldToEnd(last: PassEnd): PassEnd {
  const leaves = last.undoFailures.length > 0 || last.exit === exitCode.bug;
  return leaves
    ? last
    : { outcome: "done", exit: exitCode.done, undoFailures: [], suspended: false };
}
