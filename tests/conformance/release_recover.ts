import assert from "node:assert/strict";
import { recoverRelease } from "../../steps/release/recover.ts";
import type { Fixture } from "./fixture.ts";
import { makeRoot } from "./release_root.ts";
import { serveHealth } from "./serve_health.ts";
import { superviseForTest } from "./supervised_service.ts";

/** A run was killed after it had switched to 2.0.0 and before that was proven. */
export const fixture: Fixture = {
  step: recoverRelease,
  async arrange(dir) {
    const root = `${dir}/root`;
    await makeRoot(root, { versions: ["1.0.0", "2.0.0"], current: "2.0.0", good: ["1.0.0"] });
    await Deno.writeTextFile(`${root}/.switch.killed`, "1.0.0");
    const supervisor = await superviseForTest({ dir, autostart: true });
    const health = serveHealth("1.0.0");
    return {
      params: {
        root,
        service: [`supervisor:${supervisor.socket}`],
        health: health.url,
        version_at: "/version",
        version_header: "",
        deadline: 5_000,
      },
      late: { interrupted: ["killed"] },
      async verify(facts) {
        assert.equal(facts.left, "2.0.0");
        assert.equal(await Deno.readLink(`${root}/current`), "releases/1.0.0");
      },
      async [Symbol.asyncDispose]() {
        await health[Symbol.asyncDispose]();
        await supervisor[Symbol.asyncDispose]();
      },
    };
  },
};
