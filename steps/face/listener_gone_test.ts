// flags: --allow-read=<tmp> --allow-write=<tmp> --allow-net=unix:<tmp>/face.sock
import assert from "node:assert/strict";
import { systemClock } from "../../engine/execute/system_clock.ts";
import type { Clock } from "../../engine/step.ts";
import { listenerGone } from "./listener_gone.ts";
import { socketPath } from "./test_bed.ts";

/** Calls back before each look, and looks at once. */
function clockOf(beforeLook: (look: number) => void): Clock {
  let look = 0;
  return {
    ...systemClock,
    sleep: async (_ms, signal) => {
      await Promise.resolve();
      beforeLook(++look);
      signal?.throwIfAborted();
    },
  };
}

/** Closes a listener; its socket stays, as that of a process that died does, or goes. */
function close(listener: Deno.Listener, path: string, leave: boolean): void {
  if (leave) Deno.renameSync(path, `${path}.left`);
  listener.close();
  if (leave) Deno.renameSync(`${path}.left`, path);
}

function listen(path: string): Deno.Listener {
  return Deno.listen({ transport: "unix", path });
}

Deno.test("listenerGone() tells of a listener that is closed, whether or not its socket stays", async () => {
  for (const leave of [true, false]) {
    const path = socketPath();
    const listener = listen(path);
    const looks: number[] = [];
    const clock = clockOf((look) => {
      looks.push(look);
      if (look === 3) close(listener, path, leave);
    });
    const { signal } = new AbortController();
    const why = await listenerGone({ sockets: [path], clock, signal });
    assert.equal(why, "nobody listens on face.sock any more");
    assert.deepEqual(looks, [1, 2, 3, 4]);
    await Deno.remove(path).catch(() => {});
  }
});

Deno.test("listenerGone() does not tell of one that is back at the second look", async () => {
  const path = socketPath();
  let listener = listen(path);
  const over = new AbortController();
  const clock = clockOf((look) => {
    if (look === 2) close(listener, path, false);
    if (look === 3) listener = listen(path);
    if (look === 6) over.abort(new Error("enough"));
  });
  const watching = listenerGone({ sockets: [path], clock, signal: over.signal });
  await assert.rejects(watching, /enough/);
  listener.close();
});
