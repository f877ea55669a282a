import assert from "node:assert/strict";
import { switchRelease } from "../../steps/release/switch.ts";
import type { Fixture } from "./fixture.ts";
import { makeRoot } from "./release_root.ts";

/** A good release that runs, and one beside it. */
export const fixture: Fixture = {
  step: switchRelease,
  async arrange(dir) {
    await makeRoot(dir, { versions: ["1.0.0", "2.0.0"], current: "1.0.0", good: ["1.0.0"] });
    return {
      params: { root: dir },
      late: { release: "2.0.0" },
      watched: [dir],
      async verify() {
        assert.equal(await Deno.readTextFile(`${dir}/current/VERSION`), "2.0.0");
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
};
