import assert from "node:assert/strict";
import { BugError, FailedError, InvalidInputError, RefusedError } from "../../engine/errors.ts";
import { reportError } from "./report_error.ts";

Deno.test("reportError() says what failed, why, and what to do", () => {
  const error = new FailedError("the run cannot be read", {
    cause: new Error("disk on fire"),
    hint: "try another disk",
  });
  assert.deepEqual(reportError(error, false), {
    text: "sluice: the run cannot be read: disk on fire\n  help: try another disk\n",
    exit: 4,
  });
});

Deno.test("reportError() takes the exit code from the error", () => {
  assert.equal(reportError(new InvalidInputError("x"), false).exit, 2);
  assert.equal(reportError(new RefusedError("x"), false).exit, 7);
});

Deno.test("reportError() keeps the stack of a bug for --debug", () => {
  for (const error of [new TypeError("x is not a function\nat all"), new BugError("no")]) {
    const short = reportError(error, false);
    assert.equal(short.exit, 70);
    assert.match(short.text, /^sluice: bug: .*--debug.*\n$/);
    assert.equal(short.text.split("\n").length, 2);
    assert.match(reportError(error, true).text, /report_error_test\.ts/);
  }
});

Deno.test("reportError() does not call what the system or the sandbox refuses a bug", () => {
  const denied = reportError(new Deno.errors.PermissionDenied("no (os error 13)"), false);
  assert.deepEqual([denied.exit, denied.text], [
    4,
    "sluice: the system refused it: no (os error 13)\n",
  ]);
  assert.equal(reportError(new Deno.errors.NotCapable("read /x"), false).exit, 7);
});

Deno.test("reportError() survives what is no error", () => {
  assert.equal(reportError("text", true).exit, 70);
  assert.equal(reportError(undefined, true).exit, 70);
});

Deno.test("reportError() lets no control character reach a terminal", () => {
  assert.equal(reportError(new InvalidInputError("a\x1b[31mb"), false).text, "sluice: a�[31mb\n");
});
