import assert from "node:assert/strict";
import { goodBundle, writeRawBundle } from "../../steps/release/raw_bundle.ts";
import { stageRelease } from "../../steps/release/stage.ts";
import { rollbackTarget } from "../../steps/release/target.ts";
import { makeKey, testContext } from "../../steps/release/test_bed.ts";
import type { Fixture } from "./fixture.ts";
import { makeRoot } from "./release_root.ts";

/** An installation of 2.0.0 with the whole release 1.0.0, which passed its gate before. */
export const fixture: Fixture = {
  step: rollbackTarget,
  async arrange(dir) {
    const root = `${dir}/root`;
    await makeRoot(root, { versions: ["2.0.0"], current: "2.0.0", good: ["1.0.0", "2.0.0"] });
    const { key } = await makeKey(`${dir}/trust`, "release");
    await writeRawBundle(`${dir}/bundle`, goodBundle(), key);
    const params = { root, bundle: `${dir}/bundle`, trust: `${dir}/trust` };
    const { run } = stageRelease.permissions(params);
    await stageRelease.run({ ...params, metadata_sha256: "" }, testContext({ permissions: run }));
    return {
      params: { root, to: "" },
      late: { left: "" },
      watched: [root],
      verify(facts) {
        assert.equal(facts.release, "1.0.0");
        assert.equal(facts.from, "2.0.0");
        return Promise.resolve();
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
};
