import assert from "node:assert/strict";
import { runnerLines } from "./runner_lines.ts";

const line = (nonce: string, seq: number, message: unknown = { type: "aborting" }) =>
  JSON.stringify({ sluice: nonce, seq, message });

Deno.test("runnerLines() takes for output whatever lacks the nonce", () => {
  const read = runnerLines("right");
  const forged = [
    line("wrong", 1),
    line("", 1),
    JSON.stringify({ seq: 1, sluice: "right", message: { type: "aborting" } }) + "x",
    "APPLIANCE_STEP:P5-4:OK",
    '{"sluice":',
    '{"sluice":"right"',
    "null",
  ];
  for (const text of forged) assert.deepEqual(read(text), { kind: "output", text });
  assert.equal(read(line("right", 1)).kind, "message");
});

Deno.test("runnerLines() finds a gap, a repetition and a wrong beginning", () => {
  for (const numbers of [[2], [1, 3], [1, 1], [1, 2, 1]]) {
    const read = runnerLines("n");
    const kinds = numbers.map((seq) => read(line("n", seq)).kind);
    assert.equal(kinds.at(-1), "fault", `${numbers}`);
    assert.ok(kinds.slice(0, -1).every((kind) => kind === "message"));
  }
});

Deno.test("runnerLines() refuses messages of no known kind", () => {
  const bad = [
    null,
    "x",
    {},
    { type: "other" },
    { type: "event", event: null },
    { type: "event", event: {} },
    { type: "stopped", exit: 2 },
    { type: "shed" },
    { type: "broker", id: 1, program: "/x", args: [1], env: {}, max_output: 1 },
    { type: "broker", id: 1, program: "/x", args: [], env: { A: 1 }, max_output: 1 },
  ];
  for (const message of bad) {
    assert.equal(runnerLines("n")(line("n", 1, message)).kind, "fault", JSON.stringify(message));
  }
});
