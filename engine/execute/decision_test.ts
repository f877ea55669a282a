import assert from "node:assert/strict";
import { decide, type Decision, type Present } from "./decision.ts";
import type { StepRecord } from "./ledger.ts";

const past: StepRecord = {
  state: "done",
  attempts: 1,
  digest: "d1",
  input: "i1",
  late: {},
  code: "c1",
  facts: { n: 1 },
  marked: false,
};

const now: Present = {
  id: "A",
  effect: "none",
  digest: "d1",
  input: "i1",
  code: "c1",
  again: false,
  run: { id: "r1" },
};

const error = { name: "FailedError", message: "no", exit: 4, retryable: false } as const;
const { input: _, ...anyInput } = now;

const cases: readonly (readonly [string, Partial<StepRecord>, Present, Decision["kind"]])[] = [
  ["is done", {}, now, "keep"],
  ["is done and has other input", {}, { ...now, input: "i2" }, "run"],
  ["is done and may have any input", { input: "i0" }, anyInput, "keep"],
  ["is done with another definition", {}, { ...now, digest: "d2" }, "run"],
  ["is done by other code", {}, { ...now, code: "c2" }, "run"],
  ["is done by other code, with effect", {}, { ...now, code: "c2", effect: "reversible" }, "keep"],
  ["was undone", { state: "undone" }, { ...now, effect: "irreversible" }, "run"],
  ["was skipped", { state: "skipped" }, now, "run"],
  ["was interrupted", { state: "running" }, now, "run"],
  ["was interrupted, reversible", { state: "running" }, { ...now, effect: "reversible" }, "redo"],
  ["was being undone", { state: "undoing" }, { ...now, effect: "reversible" }, "redo"],
  [
    "was interrupted, irreversible",
    { state: "running" },
    { ...now, effect: "irreversible" },
    "ask",
  ],
  ["may run again", { state: "running" }, { ...now, effect: "irreversible", again: true }, "run"],
  ["has other input, irreversible", {}, { ...now, effect: "irreversible", input: "i2" }, "ask"],
  ["was marked done", { marked: true }, { ...now, effect: "irreversible", input: "i2" }, "keep"],
  [
    "failed without beginning",
    {
      state: "failed",
      attempts: 0,
      failure: { error, continued: false },
    },
    { ...now, effect: "irreversible" },
    "run",
  ],
  ["failed and was continued", { state: "failed", failure: { error, continued: true } }, {
    ...now,
    effect: "irreversible",
  }, "keep-failure"],
];

for (const [what, changes, present, kind] of cases) {
  Deno.test(`decide() says ${kind} for a step that ${what}`, () => {
    assert.equal(decide({ ...past, ...changes }, present).kind, kind);
  });
}

Deno.test("decide() runs a step of which the journal says nothing", () => {
  assert.equal(decide(undefined, now).kind, "run");
});
