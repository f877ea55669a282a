import assert from "node:assert/strict";
import { InvalidInputError } from "../errors.ts";
import type { JournalEntry } from "../journal/entry.ts";
import { checkOrigin } from "./check_origin.ts";

const chained = { seq: 1, prev: "", time: "2025-11-21T10:30:00.000Z" };
const started: JournalEntry = {
  ...chained,
  type: "run.started",
  v: 1,
  run: "r1",
  pipeline: "demo",
  plan: "sha256:1",
  permissions: "sha256:2",
  code: "3",
};

Deno.test("checkOrigin() takes the journal of this run and plan, and one without a line", () => {
  checkOrigin([started], { run: "r1", plan: "sha256:1" });
  checkOrigin([], { run: "r1", plan: "sha256:1" });
});

Deno.test("checkOrigin() refuses the journal of another run or plan", () => {
  const refused = (entries: readonly JournalEntry[], run: string, plan: string) => {
    assert.throws(() => checkOrigin(entries, { run, plan }), InvalidInputError);
  };
  refused([started], "r2", "sha256:1");
  refused([started], "r1", "sha256:9");
  refused([{ ...chained, type: "run.resumed", code: "3" }], "r1", "sha256:1");
});
