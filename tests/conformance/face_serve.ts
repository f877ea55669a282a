import assert from "node:assert/strict";
import { openHealth } from "../../steps/face/health.ts";
import { serveFaces } from "../../steps/face/serve.ts";
import type { Fixture } from "./fixture.ts";
import { freePort } from "./free_port.ts";

const noWorker = "only an agent's process makes use of it: tests/system/par boots one";

/** A package that has a UI and no handlers. */
export const fixture: Fixture = {
  step: serveFaces,
  async arrange(dir) {
    await Deno.mkdir(`${dir}/ui`);
    await Deno.writeTextFile(`${dir}/ui/index.html`, "<p>hello");
    const [rest_port, a2a_port, ui_port] = [freePort(), freePort(), freePort()];
    const host = "127.0.0.1";
    return {
      before: [{ step: openHealth, params: { host, port: rest_port } }],
      params: { rest_port, a2a_port, ui_port, host, multiplexed: true, work: dir, drain: 0 },
      late: {
        base_path: "/agents/a-1",
        name: "hello",
        version: "1.0",
        description: "",
        ui: `${dir}/ui`,
        ui_base: "/",
      },
      unused: {
        "listen 127.0.0.1:PORT": noWorker,
        "connect unix:DIR/sockets/worker.sock": noWorker,
        "connect unix:DIR/sockets/grpc.sock": noWorker,
      },
      verify(facts) {
        assert.deepEqual(facts, { rest: false, a2a: "none", ui: true });
        return Promise.resolve();
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
};
