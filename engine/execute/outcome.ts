import { type ErrorRecord, type ExitCode, exitCode } from "../errors.ts";
import type { Outcome } from "../events/event.ts";
import type { Failure } from "./failure.ts";

/** How a run ended. */
export interface RunEnd {
  readonly outcome: Outcome;
  readonly exit: ExitCode;
  /** The failure that decided. */
  readonly failure?: Failure;
  readonly undoFailures: readonly Failure[];
}

/** All that decides how a run ends. */
export interface Verdicts {
  /** Someone asked for the end before the steps had ended. */
  readonly interrupted: boolean;
  /** The work of a step goes on although it was told to stop. */
  readonly unsettled: boolean;
  /** `sluice undo` asked for nothing else. */
  readonly undoRequested: boolean;
  readonly failure: Failure | undefined;
  readonly undoFailures: readonly Failure[];
  /** Ids of what was undone. */
  readonly undone: ReadonlySet<string>;
  readonly degraded: boolean;
  /** What went wrong at the end: a `finally` step, the release of what was held, the journal. */
  readonly endFailure: Failure | undefined;
}

/**
 * Decides the outcome and the exit code.
 *
 * A failed run ends 5 when other steps had to be undone and all were; taking back what the failed
 * step itself left is part of its failing, and leaves the exit code to its error. An undo that
 * failed makes it 4, whatever failed before; work that goes on although it was stopped, 70.
 */
export function conclude(verdicts: Verdicts): RunEnd {
  const { failure, undoFailures, endFailure } = verdicts;
  const end = (outcome: Outcome, exit: ExitCode, decided = failure): RunEnd => ({
    outcome,
    exit,
    ...(decided === undefined ? {} : { failure: decided }),
    undoFailures,
  });
  if (verdicts.unsettled) return end("failed", exitCode.bug);
  if (undoFailures.length > 0) return end("failed", exitCode.failed);
  if (verdicts.interrupted) return end("interrupted", exitCode.interrupted);
  if (verdicts.undoRequested) {
    return endFailure === undefined
      ? end("undone", exitCode.done)
      : end("failed", exitCode.failed, endFailure);
  }
  if (failure !== undefined) {
    const others = [...verdicts.undone].some((id) => id !== failure.step);
    if (others) return end("undone", exitCode.undone);
    return end(outcomeOf(failure.error), exitOf(failure.error));
  }
  if (endFailure !== undefined) return end("failed", exitCode.failed, endFailure);
  if (verdicts.degraded) return end("degraded", exitCode.degraded);
  return end("done", exitCode.done);
}

/** The outcome of a run that one error decides. */
export function outcomeOf(error: ErrorRecord): Outcome {
  switch (error.exit) {
    case exitCode.timedOut:
      return "timed-out";
    case exitCode.interrupted:
      return "interrupted";
    case exitCode.refused:
      return "refused";
    case exitCode.busy:
      return "busy";
    default:
      return "failed";
  }
}

/** An error never ends a run with a code that means something else than one error. */
export function exitOf(error: ErrorRecord): ExitCode {
  const ofOutcomes: readonly ExitCode[] = [
    exitCode.done,
    exitCode.differs,
    exitCode.degraded,
    exitCode.undone,
  ];
  return ofOutcomes.includes(error.exit) ? exitCode.failed : error.exit;
}
