import assert from "node:assert/strict";
import { healthGate } from "../../steps/release/gate.ts";
import type { Fixture } from "./fixture.ts";
import { serveHealth } from "./serve_health.ts";
import { superviseForTest } from "./supervised_service.ts";

/** A service that runs the new release and says so. */
export const fixture: Fixture = {
  step: healthGate,
  async arrange(dir) {
    const supervisor = await superviseForTest({ dir, autostart: true });
    const health = serveHealth("2.0.0");
    return {
      params: {
        service: [`supervisor:${supervisor.socket}`],
        health: health.url,
        version_at: "/version",
        version_header: "",
        good_answers: 2,
        deadline: 5_000,
        settle: 100,
      },
      late: { release: "2.0.0", previous: [] },
      verify(facts) {
        assert.deepEqual(facts, { answers: 2 });
        return Promise.resolve();
      },
      async [Symbol.asyncDispose]() {
        await health[Symbol.asyncDispose]();
        await supervisor[Symbol.asyncDispose]();
      },
    };
  },
};
