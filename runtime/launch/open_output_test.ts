import assert from "node:assert/strict";
import { mostWaiting, openOutput } from "./open_output.ts";

/** A stream that takes three bytes for each call of `read`, and all once it is let go. */
function slowStream() {
  const taken: number[] = [];
  let free = false;
  let waiting: (() => void) | undefined;
  let asked = Promise.withResolvers<void>();
  return {
    text: () => new TextDecoder().decode(new Uint8Array(taken)),
    async write(bytes: Uint8Array): Promise<number> {
      asked.resolve();
      if (!free) await new Promise<void>((resolve) => waiting = resolve);
      const piece = free ? bytes : bytes.subarray(0, 3);
      taken.push(...piece);
      return piece.length;
    },
    async read() {
      await asked.promise;
      asked = Promise.withResolvers();
      waiting?.();
    },
    async letGo() {
      await asked.promise;
      free = true;
      waiting?.();
    },
  };
}

function failing(...errors: Error[]) {
  return { write: () => Promise.reject(errors.shift() ?? new Error("asked too often")) };
}

Deno.test("openOutput() takes texts at once and writes them in order", async () => {
  const stream = slowStream();
  const output = openOutput(stream);
  for (const text of ["abcd", "", "efg", "h"]) output.write(text);
  const flushed = output.flush();
  await stream.read();
  await stream.read();
  assert.equal(stream.text(), "abcd".slice(0, 3) + "d");
  await stream.letGo();
  await flushed;
  assert.equal(stream.text(), "abcdefgh");
});

Deno.test("openOutput() has no room while more than its bound waits, until it is read", async () => {
  const stream = slowStream();
  const output = openOutput(stream);
  output.write("x".repeat(mostWaiting));
  assert.equal(output.behind(), false);
  await output.room();
  output.write("y");
  assert.equal(output.behind(), true);
  let room = false;
  const waiting = output.room().then(() => room = true);
  await stream.read();
  assert.equal(room, false);
  await stream.letGo();
  await waiting;
  assert.equal(output.behind(), false);
  await output.flush();
});

Deno.test("openOutput() in a hurry has room at once, and gives up on who does not read", async () => {
  const output = openOutput({ write: () => new Promise(() => {}) }, { patience: 1 });
  output.write("x".repeat(mostWaiting + 1));
  const waiting = output.room();
  const flushed = output.flush();
  output.hurry();
  await Promise.all([waiting, flushed, output.flush()]);
  assert.equal(output.behind(), true);
});

Deno.test("openOutput() in a hurry waits as long as something is read", async () => {
  let pieces = 0;
  const stream = {
    write: async (bytes: Uint8Array) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      pieces++;
      return Math.min(bytes.length, 1);
    },
  };
  const output = openOutput(stream, { patience: 5000 });
  output.write("abc");
  output.hurry();
  await output.flush();
  assert.equal(pieces, 3);
});

Deno.test("openOutput() falls silent when the reader is gone, and tells what else was lost", async () => {
  for (
    const [error, told] of [
      [new Deno.errors.BrokenPipe("gone"), []],
      [new Error("No space left on device"), ["No space left on device"]],
    ] as const
  ) {
    const lost: string[] = [];
    const output = openOutput(failing(error), { onLost: (reason) => lost.push(reason) });
    output.write("a".repeat(mostWaiting + 1));
    await Promise.all([output.flush(), output.room()]);
    output.write("b");
    await output.flush();
    assert.deepEqual(lost, told);
  }
});

Deno.test("openOutput() tries again where a pipe was made non-blocking", async () => {
  let tries = 0;
  const output = openOutput({
    write: (bytes) =>
      tries++ < 2 ? Promise.reject(new Deno.errors.WouldBlock()) : Promise.resolve(bytes.length),
  });
  output.write("a");
  await output.flush();
  assert.equal(tries, 3);
});
