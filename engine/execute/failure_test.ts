import assert from "node:assert/strict";
import { FailedError, InterruptedError, TimedOutError } from "../errors.ts";
import { Masker } from "../events/masker.ts";
import { asInterruption, asSluiceError, errorRecord } from "./failure.ts";

Deno.test("asSluiceError() keeps errors of ours", () => {
  const error = new FailedError("no");
  assert.equal(asSluiceError(error, "A"), error);
});

Deno.test("asSluiceError() names the permission that Deno refused", () => {
  const cases = [
    ['Requires run access to "/bin/ls", run again with the --allow-run flag', "run", "/bin/ls"],
    ["Requires env access, run again with the --allow-env flag", "env", undefined],
  ] as const;
  for (const [message, permission, value] of cases) {
    const error = asSluiceError(new Deno.errors.NotCapable(message), "A");
    assert.equal(error.exit, 7);
    assert.equal(error.details.permission, permission);
    assert.equal(error.details.value, value);
    assert.match(error.message, new RegExp(`^the sandbox refused A: ${permission} access`));
  }
});

Deno.test("asSluiceError() calls a failure of the system a failure and all else a bug", () => {
  const full = Object.assign(new Error("No space left on device"), { code: "ENOSPC" });
  assert.equal(asSluiceError(full, "A").exit, 4);
  assert.equal(asSluiceError(new Deno.errors.AddrInUse("in use"), "A").exit, 4);
  const bug = asSluiceError(new RangeError("bad"), "A");
  assert.equal(bug.exit, 70);
  assert.equal(bug.message, "A ended with an unexpected RangeError: bad");
  assert.equal(asSluiceError("text", "A").message, "A ended with an unexpected text");
});

Deno.test("asSluiceError() prefers the failure to that of the clearing up after it", () => {
  const first = new FailedError("first");
  assert.equal(asSluiceError(new SuppressedError(new Error("second"), first), "A"), first);
});

Deno.test("asInterruption() keeps a reason of ours and makes one of any other", () => {
  const late = new TimedOutError("late");
  assert.equal(asInterruption(late), late);
  assert.ok(asInterruption(new DOMException("x", "AbortError")) instanceof InterruptedError);
});

Deno.test("errorRecord() passes on no advice to give up the sandbox", () => {
  const advice = 'Requires read access to "/k", run again with the --allow-read flag';
  const cause = new Deno.errors.NotCapable(advice);
  const error = new FailedError(`no secret: ${advice}`, { cause, hint: advice });
  assert.doesNotMatch(JSON.stringify(errorRecord(error, new Masker())), /run again|--allow/);
  assert.deepEqual(errorRecord(asSluiceError(cause, "A"), new Masker()).causes, [
    'Requires read access to "/k"',
  ]);
});

Deno.test("errorRecord() holds all causes and no secret", () => {
  const masker = new Masker();
  masker.add("hunter22");
  const cause = new Error("login hunter22", { cause: new Error("deep") });
  const error = new FailedError("cannot use hunter22", { cause, details: { code: 3 } });
  assert.deepEqual(errorRecord(error, masker), {
    name: "FailedError",
    exit: 4,
    retryable: false,
    message: "cannot use ***",
    details: { code: 3 },
    causes: ["login ***", "deep"],
  });
});
