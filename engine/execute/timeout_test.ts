import assert from "node:assert/strict";
import { BugError, FailedError, InterruptedError, TimedOutError } from "../errors.ts";
import { strictTests } from "./strict_tests.ts";
import { testClock } from "./test_clock.ts";
import { type DeadlineOptions, withDeadline } from "./timeout.ts";

const test = strictTests("withDeadline()");

function options(changes: Partial<DeadlineOptions> = {}): DeadlineOptions {
  return {
    what: "A",
    signal: new AbortController().signal,
    clock: testClock(),
    onOverdue() {},
    ...changes,
  };
}

test("gives the result of work that ends in time", async () => {
  assert.equal(await withDeadline(options({ timeout_ms: 10 }), () => Promise.resolve(1)), 1);
});

test("cancels work at the deadline and waits for its end", async () => {
  const clock = testClock();
  let ended = false;
  const work = withDeadline(options({ clock, timeout_ms: 50 }), async (signal) => {
    await clock.sleep(1000, signal).catch(() => {});
    await clock.sleep(200); // Clearing up takes its time.
    ended = true;
    throw new FailedError("half done");
  });
  const failed = assert.rejects(work, (error: Error) => {
    assert.ok(error instanceof TimedOutError);
    assert.equal(error.message, "A took longer than 50 ms");
    assert.equal((error.cause as Error).message, "half done");
    assert.ok(ended);
    return true;
  });
  await clock.advance(50);
  await clock.advance(200);
  await failed;
});

test("calls work late that ends well after its deadline", async () => {
  const clock = testClock();
  const work = withDeadline(options({ clock, timeout_ms: 50 }), () => clock.sleep(100));
  const failed = assert.rejects(work, TimedOutError);
  await clock.advance(100);
  await failed;
});

test("ends with the reason of a cancel from outside", async () => {
  const abort = new AbortController();
  const work = withDeadline(
    options({ signal: abort.signal }),
    (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(new DOMException("x", "AbortError")));
      }),
  );
  const reason = new InterruptedError("Ctrl-C");
  abort.abort(reason);
  await assert.rejects(work, reason);
});

test("does not begin when it is cancelled already", async () => {
  const signal = AbortSignal.abort();
  let began = false;
  const work = withDeadline(options({ signal }), () => Promise.resolve(began = true));
  await assert.rejects(work, InterruptedError);
  assert.ok(!began);
});

test("reports work that does not stop, and gives it up after 5 s", async () => {
  const clock = testClock();
  let overdue = 0;
  const onOverdue = () => void overdue++;
  const work = withDeadline(options({ clock, timeout_ms: 50, onOverdue }), () => {
    return new Promise(() => {});
  });
  const failed = assert.rejects(work, (error: Error) => {
    assert.ok(error instanceof BugError);
    assert.equal(error.details.unsettled, true);
    return true;
  });
  await clock.advance(50);
  await clock.advance(999);
  assert.equal(overdue, 0);
  await clock.advance(1);
  assert.equal(overdue, 1);
  await clock.advance(4000);
  await failed;
});
