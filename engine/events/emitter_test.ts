import assert from "node:assert/strict";
import { makeEmitter } from "./emitter.ts";
import type { Event } from "./event.ts";
import { maskRecord } from "./mask_record.ts";
import { Masker } from "./masker.ts";

const clock = { now: () => new Date("2026-01-02T03:04:05.006Z") };

Deno.test("emit() gives version, run and time, and masks all that leaves", () => {
  const events: Event[] = [];
  const masker = new Masker();
  const emit = makeEmitter({ run: "r1", clock, masker, write: (event) => events.push(event) });
  emit({ type: "note", step: "a", text: "s3cr3t" });
  masker.add("s3cr3t");
  emit({ type: "note", step: "a", text: "s3cr3t" });
  emit({
    type: "step.failed",
    step: "a",
    token: 2,
    elapsed_s: 0.5,
    continued: false,
    error: {
      name: "FailedError",
      message: "login with s3cr3t failed",
      exit: 4,
      retryable: false,
      details: { "s3cr3t": ["s3cr3t"] },
      causes: ["czNjcjN0"],
    },
  });
  const base = { v: 1, run: "r1", time: "2026-01-02T03:04:05.006Z" };
  assert.deepEqual(events, [
    { ...base, type: "note", step: "a", text: "s3cr3t" },
    { ...base, type: "note", step: "a", text: "***" },
    {
      ...base,
      type: "step.failed",
      step: "a",
      token: 2,
      elapsed_s: 0.5,
      continued: false,
      error: {
        name: "FailedError",
        message: "login with *** failed",
        exit: 4,
        retryable: false,
        details: { "***": ["***"] },
        causes: ["***"],
      },
    },
  ]);
});

Deno.test("maskRecord() keeps what gives a record its structure, whatever the secrets are", () => {
  const masker = new Masker();
  for (const word of ["done", "step", "2026", "failed", "stdout"]) masker.add(word);
  const record = { type: "step.done", step: "step-1", token: 3, time: "2026", notes: "done" };
  assert.deepEqual(maskRecord(masker, record), { ...record, notes: "***" });
  const undoing = { type: "run.undoing", reason: "failed" };
  assert.deepEqual(maskRecord(masker, undoing), undoing);
});
