import assert from "node:assert/strict";
import { UsageError } from "../../engine/errors.ts";
import { readStandaloneArguments } from "./standalone_arguments.ts";

const read = (text: string) => readStandaloneArguments(text.split(" "));

Deno.test("readStandaloneArguments() reads a new run", () => {
  const given = read("--plan /p.json --runs /r --go-on --tokens json --program ln=/bin/ln");
  assert.deepEqual(given, {
    mode: { kind: "run" },
    plan: "/p.json",
    runs: "/r",
    goOn: true,
    tokens: "json",
    events: "text",
    box: "none",
    programs: { ln: "/bin/ln" },
  });
});

Deno.test("readStandaloneArguments() lets what a person adds to a start script win", () => {
  const base = "--plan /p.json --runs /r --go-on";
  const resumed = read(`${base} --resume r1 --again`);
  assert.deepEqual(resumed.mode, { kind: "resume", again: true });
  assert.equal(resumed.run, "r1");
  assert.equal(resumed.goOn, false);
  assert.deepEqual(read(`${base} --undo r1`).mode, { kind: "undo" });
  assert.equal(read(`${base} --box bubblewrap`).box, "bubblewrap");
});

Deno.test("readStandaloneArguments() refuses what it cannot do, and says how it is called", () => {
  for (
    const [text, message] of [
      ["--runs /r", /give one of --plan, --resume and --undo/],
      ["--plan /p", /--runs is missing/],
      ["--plan /p --runs /r --resume a --undo b", /give one of --resume and --undo/],
      ["--plan /p --runs /r --run a --go-on", /give one of --run and --go-on/],
      ["--plan /p --runs /r --run ../a", /not the id of a run/],
      ["--plan /p --runs /r --program ln=ln", /NAME=\/absolute\/path/],
      ["--plan /p --runs /r --params x", /Unknown option/],
    ] as const
  ) {
    assert.throws(
      () => read(text),
      (error) =>
        error instanceof UsageError && message.test(error.message) &&
        /--help lists/.test(error.hint ?? ""),
    );
  }
});
