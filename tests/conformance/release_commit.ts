import assert from "node:assert/strict";
import { commitRelease } from "../../steps/release/commit.ts";
import type { Fixture } from "./fixture.ts";
import { makeRoot } from "./release_root.ts";

/** A release that has just passed its gate. */
export const fixture: Fixture = {
  step: commitRelease,
  async arrange(dir) {
    await makeRoot(dir, { versions: ["1.0.0", "2.0.0"], current: "2.0.0", good: ["1.0.0"] });
    await Deno.writeTextFile(`${dir}/.floor`, "0.9.0\n");
    return {
      params: { root: dir },
      late: { release: "2.0.0", metadata_sha256: "ab", floor: "1.0.0" },
      watched: [dir],
      async verify() {
        assert.equal(await Deno.readTextFile(`${dir}/.previous`), "2.0.0\n");
        assert.equal(await Deno.readTextFile(`${dir}/.good`), "1.0.0\n2.0.0\n");
        assert.equal(await Deno.readTextFile(`${dir}/.floor`), "1.0.0\n");
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
};
