import assert from "node:assert/strict";
import { makeKill } from "./make_kill.ts";

Deno.test("makeKill() lets a process get on its feet, and then ends it at once", async () => {
  const sent: Deno.Signal[] = [];
  const first = Promise.withResolvers<void>();
  const child = {
    kill(signal: Deno.Signal) {
      sent.push(signal);
      first.resolve();
      throw new TypeError("it has ended");
    },
  } as unknown as Deno.ChildProcess;
  const kill = makeKill(child);
  kill("SIGTERM");
  assert.deepEqual(sent, []);
  await first.promise;
  kill("SIGKILL");
  assert.deepEqual(sent, ["SIGTERM", "SIGKILL"]);
});
