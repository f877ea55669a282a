import assert from "node:assert/strict";
import type { ErrorRecord, ExitCode } from "../errors.ts";
import { conclude, type Verdicts } from "./outcome.ts";

const error = (exit: ExitCode): ErrorRecord => {
  return { name: "FailedError", message: "no", exit, retryable: false };
};
const failure = { step: "B", error: error(6) };

const nothing: Verdicts = {
  interrupted: false,
  unsettled: false,
  undoRequested: false,
  failure: undefined,
  undoFailures: [],
  undone: new Set(),
  degraded: false,
  endFailure: undefined,
};

const undone = new Set(["A", "B"]);
const cases: readonly (readonly [string, Partial<Verdicts>, string, ExitCode])[] = [
  ["nothing went wrong", {}, "done", 0],
  ["a step that may fail did", { degraded: true }, "degraded", 3],
  ["a finally step failed", { endFailure: failure, degraded: true }, "failed", 4],
  ["a step failed", { failure }, "failed", 6],
  ["a step failed and only it was undone", { failure, undone: new Set(["B"]) }, "failed", 6],
  ["a step failed and all was undone", { failure, undone }, "undone", 5],
  ["an undo failed", { failure, undone, undoFailures: [failure] }, "failed", 4],
  ["a finally step failed after undo", { failure, undone, endFailure: failure }, "undone", 5],
  ["it was interrupted", { interrupted: true }, "interrupted", 130],
  ["it was interrupted and undone", { interrupted: true, failure, undone }, "interrupted", 130],
  [
    "it was interrupted and an undo failed",
    {
      interrupted: true,
      undoFailures: [failure],
    },
    "failed",
    4,
  ],
  ["undo was asked for", { undoRequested: true, undone }, "undone", 0],
  ["undo was asked for and failed", { undoRequested: true, undoFailures: [failure] }, "failed", 4],
  ["work goes on", { unsettled: true, failure, undone }, "failed", 70],
  ["a deadline passed", { failure: { step: "B", error: error(124) } }, "timed-out", 124],
  ["it was refused", { failure: { step: "B", error: error(7) } }, "refused", 7],
  ["somebody was in the way", { failure: { step: "B", error: error(10) } }, "busy", 10],
  ["an error has the code of an outcome", { failure: { step: "B", error: error(0) } }, "failed", 4],
];

for (const [what, verdicts, outcome, exit] of cases) {
  Deno.test(`conclude() says ${outcome} ${exit} when ${what}`, () => {
    const end = conclude({ ...nothing, ...verdicts });
    assert.deepEqual([end.outcome, end.exit], [outcome, exit]);
  });
}
