import assert from "node:assert/strict";
import { retainReleases } from "../../steps/release/retain.ts";
import type { Fixture } from "./fixture.ts";
import { makeRoot } from "./release_root.ts";

/** More releases than are kept; the current one is the oldest. */
export const fixture: Fixture = {
  step: retainReleases,
  async arrange(dir) {
    const versions = ["1.0.0", "1.1.0", "1.2.0", "1.3.0"];
    await makeRoot(dir, { versions, current: "1.0.0", good: ["1.0.0", "1.1.0", "1.2.0"] });
    return {
      params: { root: dir, keep: 2 },
      verify(facts) {
        assert.deepEqual(facts.kept, ["1.0.0", "1.2.0"]);
        return Promise.resolve();
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
};
