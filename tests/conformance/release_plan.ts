import assert from "node:assert/strict";
import { planRelease } from "../../steps/release/plan.ts";
import { goodBundle, writeRawBundle } from "../../steps/release/raw_bundle.ts";
import { makeKey } from "../../steps/release/test_bed.ts";
import type { Fixture } from "./fixture.ts";
import { makeRoot } from "./release_root.ts";

/** A bundle of a trusted signer, and an installation with an older release. */
export const fixture: Fixture = {
  step: planRelease,
  async arrange(dir) {
    const root = `${dir}/root`;
    await makeRoot(root, { versions: ["0.9.0"], current: "0.9.0", good: ["0.9.0"] });
    const { key } = await makeKey(`${dir}/trust`, "release");
    await writeRawBundle(`${dir}/bundle`, goodBundle(), key);
    const rules = { allow_downgrade: false, force: false, hooks: "unconfined" };
    return {
      params: { root, bundle: `${dir}/bundle`, trust: `${dir}/trust`, ...rules, lock: "check" },
      watched: [root],
      varying: { bytes_free: "others write too", inodes_free: "others write too" },
      verify(facts) {
        assert.equal(facts.offered, "1.0.0");
        assert.equal(facts.installed, "0.9.0");
        assert.equal(facts.last_good, "0.9.0");
        assert.ok(Number(facts.bytes_free) > Number(facts.bytes_needed));
        return Promise.resolve();
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
};
