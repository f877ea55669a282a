import assert from "node:assert/strict";
import { runHook } from "../../steps/release/hook.ts";
import type { Fixture } from "./fixture.ts";

/** A staged release with a hook that writes down what it was given. */
export const fixture: Fixture = {
  step: runHook,
  async arrange(dir) {
    const release = `${dir}/releases/2.0.0`;
    await Deno.mkdir(release, { recursive: true });
    const script =
      '#!/bin/sh\nset -eu\nenv | sort > "$SLUICE_ROOT/seen"\npwd >> "$SLUICE_ROOT/seen"\n';
    await Deno.writeTextFile(`${release}/post_install.sh`, script, { mode: 0o755 });
    return {
      params: { root: dir, hooks: "unconfined" },
      late: { release: "2.0.0" },
      async verify() {
        const seen = await Deno.readTextFile(`${dir}/seen`);
        assert.match(seen, /^SLUICE_VERSION=2\.0\.0$/m);
        assert.doesNotMatch(seen, /^(HOME|USER|DENO_DIR)=/m);
        assert.ok(seen.endsWith(`${release}\n`));
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
};
