import assert from "node:assert/strict";
import { openHealth } from "../../steps/face/health.ts";
import { loadAgent } from "../../steps/face/load.ts";
import type { Fixture } from "./fixture.ts";
import { freePort } from "./free_port.ts";

/** A package with one action, which needs nothing but Python. */
export const fixture: Fixture = {
  step: loadAgent,
  async arrange(dir) {
    const store = `${dir}/store`;
    const work = `${dir}/work`;
    await Deno.mkdir(`${store}/active/bin`, { recursive: true });
    await Deno.mkdir(`${work}/package`, { recursive: true });
    await Deno.writeTextFile(`${work}/package/main.py`, "def hello(input):\n    return 'hi'\n");
    await new Deno.Command("/usr/bin/ln", {
      args: ["-s", "--", "/usr/bin/python3", `${store}/active/bin/python`],
    }).output();
    return {
      before: [{ step: openHealth, params: { host: "127.0.0.1", port: freePort() } }],
      params: {
        store,
        work,
        env: ["GREETING"],
        timeout: 20_000,
        grace: 0,
        drain: 0,
        restarts: 0,
        call: 1000,
        box: "container",
        permissions: [],
      },
      late: {
        package: `${work}/package`,
        manifest: {
          dialect: "exports",
          name: "hello",
          version: "1.0",
          description: "",
          runtime: "python",
          exports: [{ name: "hello", handler: "main:hello" }],
          dependencies: [],
          environment: {},
          sub_agents: [],
        },
        paths: [`${work}/package`],
        key: "",
        base_path: "",
        agent_app_id: "a-1",
        deployment_id: "",
      },
      env: { GREETING: "good morning" },
      unused: {
        "read DIR/store": "Python reads it, which is not in Deno's sandbox but in its box",
        "run DIR/work/host/main.ts": "the package is Python's",
        "env GREETING":
          "this world, which has a broker, reads a variable that is not granted as unset",
        "read DIR/work": "the same of the package; the sockets are written",
      },
      verify(facts) {
        assert.deepEqual(facts, { rest: false, a2a: "actions", routes: [], methods: ["hello"] });
        return Promise.resolve();
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
};
