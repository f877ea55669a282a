import assert from "node:assert/strict";
import { FailedError, TransientError } from "../errors.ts";
import { retryDelay, type RetryOptions, withRetry } from "./retry.ts";
import { testClock } from "./test_clock.ts";

const policy = { attempts: 4, delay_ms: 100, max_delay_ms: 250, jitter: 0 };

function options(changes: Partial<RetryOptions> = {}): RetryOptions {
  return {
    clock: { ...testClock(), sleep: () => Promise.resolve() },
    random: () => 0,
    signal: new AbortController().signal,
    onRetry() {},
    ...changes,
  };
}

Deno.test("withRetry() tries again after longer and longer waits, up to the longest", async () => {
  const waits: number[] = [];
  const onRetry = (_: number, delay: number) => void waits.push(delay);
  const work = withRetry(policy, options({ onRetry }), () => {
    throw new TransientError("refused");
  });
  await assert.rejects(work, TransientError);
  assert.deepEqual(waits, [100, 200, 250]);
});

Deno.test("withRetry() gives the result of the first attempt that succeeds", async () => {
  const result = await withRetry(policy, options(), (number) => {
    if (number < 3) throw new TransientError("refused");
    return Promise.resolve(number);
  });
  assert.equal(result, 3);
});

Deno.test("withRetry() does not repeat what the error does not allow", async () => {
  let attempts = 0;
  const work = withRetry(policy, options(), () => {
    attempts++;
    throw new FailedError("no");
  });
  await assert.rejects(work, FailedError);
  assert.equal(attempts, 1);
});

Deno.test("withRetry() stops waiting when it is cancelled", async () => {
  const clock = testClock();
  const abort = new AbortController();
  const work = withRetry(policy, options({ clock, signal: abort.signal }), () => {
    throw new TransientError("refused");
  });
  await clock.sleeper(100);
  const reason = new Error("stop");
  abort.abort(reason);
  await assert.rejects(work, reason);
});

Deno.test("retryDelay() makes a part of the wait random, and never exceeds the longest", () => {
  const jittery = { ...policy, jitter: 0.5 };
  assert.equal(retryDelay(jittery, 1, 0), 100);
  assert.equal(retryDelay(jittery, 1, 0.5), 75);
  assert.equal(retryDelay(jittery, 60, 0), 250);
});
