import assert from "node:assert/strict";
import { guardRelease } from "../../steps/release/guard.ts";
import type { Fixture } from "./fixture.ts";
import { makeRoot } from "./release_root.ts";
import { serveHealth } from "./serve_health.ts";
import { superviseForTest } from "./supervised_service.ts";

/** A service that runs the good release and says so. */
export const fixture: Fixture = {
  step: guardRelease,
  async arrange(dir) {
    await makeRoot(`${dir}/root`, { versions: ["1.0.0"], current: "1.0.0", good: ["1.0.0"] });
    const supervisor = await superviseForTest({ dir, autostart: true });
    const health = serveHealth("1.0.0");
    return {
      params: {
        root: `${dir}/root`,
        service: [`supervisor:${supervisor.socket}`],
        health: health.url,
        version_at: "/version",
        version_header: "",
        deadline: 5_000,
      },
      watched: [`${dir}/root`],
      verify(facts) {
        assert.equal((facts.processes as unknown as unknown[]).length, 1);
        return Promise.resolve();
      },
      async [Symbol.asyncDispose]() {
        await health[Symbol.asyncDispose]();
        await supervisor[Symbol.asyncDispose]();
      },
    };
  },
};
