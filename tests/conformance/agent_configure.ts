import assert from "node:assert/strict";
import { configureAgent } from "../../steps/agent/configure.ts";
import type { Fixture } from "./fixture.ts";

/** A work folder that an earlier boot has left full. */
export const fixture: Fixture = {
  step: configureAgent,
  async arrange(dir) {
    const work = `${dir}/work`;
    await Deno.mkdir(`${work}/package`, { recursive: true });
    const store = `${dir}/store`;
    await Deno.mkdir(store);
    await Deno.writeTextFile(`${work}/package/agent.yaml`, "old");
    return {
      params: {
        agent_app_id: "a-1",
        deployment_id: "",
        rest_port: 8080,
        a2a_port: 50051,
        ui_port: 3000,
        multiplexed: false,
        base_path: "",
        package_url: "s3://agents/a-1.apkg",
        package_path: "",
        s3_bucket: "agents",
        store,
        work,
      },
      async verify(facts) {
        assert.equal(facts.base_path, "/agents/a-1");
        const left = (await Array.fromAsync(Deno.readDir(work))).map(({ name }) => name);
        assert.deepEqual(left, ["lock"]);
        assert.equal((await Deno.stat(work)).mode! & 0o777, 0o700);
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
};
