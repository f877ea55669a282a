// flags: --allow-net=127.0.0.1
import assert from "node:assert/strict";
import { systemClock } from "../../engine/execute/system_clock.ts";
import { testContext } from "../release/test_bed.ts";
import { keepFaces } from "./faces.ts";
import { makeHealthBoard } from "./health_board.ts";
import { becomeReady } from "./ready.ts";
import type { RestFace } from "./rest_face.ts";
import { type RunningWorker, superviseWorker } from "./supervise_worker.ts";

/** A worker whose process ends when it is told. */
function worker() {
  const ended = Promise.withResolvers<string>();
  const link = { ended: ended.promise, stop: () => Promise.resolve(), close() {} };
  const running = {
    link,
    loaded: { a2a: undefined },
    sockets: [],
    exit: Promise.resolve("with 3"),
    kill: () => Promise.resolve(),
  };
  return {
    running: running as unknown as RunningWorker,
    end: () => ended.resolve("it was killed"),
  };
}

Deno.test("a face is down from the start of what opens it where the agent's process had died", async () => {
  const first = worker();
  const second = worker();
  const begun = Promise.withResolvers<void>();
  const started = Promise.withResolvers<RunningWorker>();
  const supervised = superviseWorker(first.running, {
    clock: systemClock,
    start: () => {
      begun.resolve();
      return started.promise;
    },
    restarts: 3,
    window_ms: 60_000,
    call_ms: 1000,
    warn() {},
    lost: (error) => assert.fail(error),
  });
  first.end();
  await begun.promise;
  const board = makeHealthBoard();
  board.set("rest", "up");
  supervised.worker.follow(board, ["rest"]);
  assert.equal(board.get("rest"), "down");
  started.resolve(second.running);
  await started.promise;
  while (board.get("rest") === "down") await new Promise((resolve) => setTimeout(resolve));
});

Deno.test("face.ready waits for a face whose agent is being started again", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const board = makeHealthBoard();
  board.set("a2a", "off");
  board.set("ui", "off");
  let looks = 0;
  const ctx = testContext();
  const clock = {
    ...systemClock,
    sleep() {
      if (++looks === 3) board.set("rest", "up");
      return Promise.resolve();
    },
  };
  let up = () => {};
  const run = { ...ctx.run, whenUp: (told: () => void) => up = told };
  await using scope = ctx.scope;
  keepFaces(ctx.run.id, { board, rest: { tellBoot() {} } as unknown as RestFace }, scope);
  const ports = { rest_port: port, a2a_port: 1, ui_port: 2 };
  await becomeReady.run({ ...ports, budget: 60_000 }, { ...ctx, clock, run });
  assert.equal(looks, 3);
  assert.equal(board.ok(), false);
  up();
  assert.equal(board.ok(), true);
});
