import assert from "node:assert/strict";
import { packRelease } from "../../steps/release/pack.ts";
import { readPublicKey } from "../../engine/trust/public_key.ts";
import { openBundle } from "../../steps/release/open_bundle.ts";
import type { Fixture } from "./fixture.ts";

const keys = new URL("../fixtures/trust/", import.meta.url).pathname;

/** A source with a hook, and a key that is encrypted; another bundle is there already. */
export const fixture: Fixture = {
  step: packRelease,
  async arrange(dir) {
    const source = `${dir}/source`;
    const output = `${dir}/out`;
    await Deno.mkdir(`${source}/files/app`, { recursive: true });
    await Deno.mkdir(output);
    await Deno.writeTextFile(`${output}/other-1.0.0.tar.zst`, "another one");
    await Deno.writeTextFile(`${source}/LICENSE`, "MIT\n");
    await Deno.writeTextFile(`${source}/post_install.sh`, "#!/bin/sh\n", { mode: 0o755 });
    await Deno.writeTextFile(`${source}/files/app/main.py`, "print(1)\n");
    await Deno.copyFile(`${keys}cosign.key`, `${dir}/signing.key`);
    return {
      params: {
        source,
        name: "atp",
        version: "1.4.0",
        key: `file:${dir}/signing.key`,
        password: "env:COSIGN_PASSWORD",
        output,
        floor: "1.0.0",
        build_time: 0,
      },
      env: { COSIGN_PASSWORD: "correct horse" },
      watched: [output, source],
      async verify(facts) {
        assert.equal(facts.bundle, `${output}/atp-1.4.0.tar.zst`);
        const trusted = readPublicKey(await Deno.readTextFile(`${keys}cosign.pub`));
        const { signal } = new AbortController();
        await using opened = await openBundle(
          String(facts.bundle),
          [{ ...trusted, name: "release" }],
          signal,
        );
        const paths: string[] = [];
        for (let entry = await opened.next(); entry !== undefined; entry = await opened.next()) {
          paths.push(entry.path);
        }
        assert.deepEqual(paths, ["files/app/main.py", "post_install.sh", "LICENSE"]);
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
};
