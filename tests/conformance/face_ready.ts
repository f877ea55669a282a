import { openHealth } from "../../steps/face/health.ts";
import { becomeReady } from "../../steps/face/ready.ts";
import { serveFaces } from "../../steps/face/serve.ts";
import type { Fixture } from "./fixture.ts";
import { freePort } from "./free_port.ts";

/** A package whose UI is open. */
export const fixture: Fixture = {
  step: becomeReady,
  async arrange(dir) {
    await Deno.mkdir(`${dir}/ui`);
    await Deno.writeTextFile(`${dir}/ui/index.html`, "<p>hello");
    const [rest_port, a2a_port, ui_port] = [freePort(), freePort(), freePort()];
    const host = "127.0.0.1";
    const ports = { rest_port, a2a_port, ui_port };
    return {
      before: [
        { step: openHealth, params: { host, port: rest_port } },
        {
          step: serveFaces,
          params: { ...ports, host, multiplexed: false, work: dir, drain: 0 },
          late: {
            base_path: "",
            name: "hello",
            version: "1.0",
            description: "",
            ui: `${dir}/ui`,
            ui_base: "/",
          },
        },
      ],
      params: { ...ports, budget: 60_000 },
      unused: { "connect 127.0.0.1:PORT": "what listens is granted by the steps before it" },
      varying: { total_ms: "time", phases_ms: "time" },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
};
