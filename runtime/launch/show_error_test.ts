import assert from "node:assert/strict";
import { FailedError } from "../../engine/errors.ts";
import { showError } from "./show_error.ts";

Deno.test("showError() calls a bug what is none of our errors, and shows its stack when asked", () => {
  const error = new TypeError("x is y");
  assert.equal(showError(error, false).exit, 70);
  assert.match(
    showError(error, false).text,
    /^sluice: bug: TypeError: x is y\n {2}help: .*--debug/,
  );
  assert.match(showError(error, true).text, /show_error_test\.ts:\d+/);
  assert.deepEqual(showError(new FailedError("no", { hint: "do" }), false), {
    text: "sluice: no\n  help: do\n",
    exit: 4,
  });
});

Deno.test("showError() calls no bug what the machine is short of", () => {
  const error = Object.assign(new Error("Failed to spawn: Too many open files"), {
    code: "EMFILE",
  });
  const { text, exit } = showError(error, false);
  assert.equal(exit, 4);
  assert.match(text, /^sluice: Failed to spawn: Too many open files\n {2}help: .*ulimit -n/);
});
