import assert from "node:assert/strict";
import { goodBundle, writeRawBundle } from "../../steps/release/raw_bundle.ts";
import { stageRelease } from "../../steps/release/stage.ts";
import { makeKey } from "../../steps/release/test_bed.ts";
import type { Fixture } from "./fixture.ts";
import { makeRoot } from "./release_root.ts";

/** A bundle with links, and an installation with an older release. */
export const fixture: Fixture = {
  step: stageRelease,
  async arrange(dir) {
    const root = `${dir}/root`;
    await makeRoot(root, { versions: ["0.9.0"], current: "0.9.0", good: ["0.9.0"] });
    const { key } = await makeKey(`${dir}/trust`, "release");
    const bundle = goodBundle();
    bundle.contents["files/big"] = "0123456789".repeat(100_000);
    bundle.entries.push({ name: "files/big", content: bundle.contents["files/big"]! });
    bundle.links["files/bin/python3"] = "/usr/bin/python3";
    bundle.entries.push({ name: "files/bin/python3", type: "2", target: "/usr/bin/python3" });
    await writeRawBundle(`${dir}/bundle`, bundle, key);
    return {
      params: { root, bundle: `${dir}/bundle`, trust: `${dir}/trust` },
      late: { metadata_sha256: "" },
      watched: [root],
      async verify(facts) {
        const release = `${root}/releases/1.0.0`;
        assert.equal(facts.path, release);
        assert.equal(await Deno.readTextFile(`${release}/a`), "alpha");
        assert.equal(await Deno.readLink(`${release}/bin/python3`), "/usr/bin/python3");
        assert.equal((await Deno.stat(`${release}/big`)).size, 1_000_000);
        assert.equal((await Deno.stat(`${release}/big`)).mode! & 0o777, 0o444);
        await assert.rejects(Deno.lstat(`${release}.staging`), Deno.errors.NotFound);
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
};
