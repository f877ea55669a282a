import assert from "node:assert/strict";
import { lockRelease } from "../../steps/release/lock.ts";
import type { Fixture } from "./fixture.ts";
import { makeRoot } from "./release_root.ts";

/** An installation that a killed run left in disorder. */
export const fixture: Fixture = {
  step: lockRelease,
  async arrange(dir) {
    await makeRoot(dir, { versions: ["1.0.0"], current: "1.0.0" });
    await Deno.writeTextFile(`${dir}/.previous.new`, "1.");
    await Deno.mkdir(`${dir}/releases/2.0.0.staging`);
    return {
      params: { root: dir },
      async verify() {
        const names = (await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => name).sort();
        assert.deepEqual(names, [".lock", "current", "releases"]);
        const releases = await Array.fromAsync(Deno.readDir(`${dir}/releases`));
        assert.deepEqual(releases.map(({ name }) => name), ["1.0.0"]);
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
};
