import assert from "node:assert/strict";
import { countBoot } from "../../steps/agent/count_boot.ts";
import type { Fixture } from "./fixture.ts";

/** A boot that comes up after two that failed. */
export const fixture: Fixture = {
  step: countBoot,
  async arrange(dir) {
    await Deno.writeTextFile(
      `${dir}/boot_failures.json`,
      JSON.stringify({ schemaVersion: 1, failures: 2 }),
    );
    return {
      params: { store: dir, counted: -1 },
      late: { outcome: "up" },
      async verify() {
        const text = await Deno.readTextFile(`${dir}/boot_failures.json`);
        assert.deepEqual(JSON.parse(text), { schemaVersion: 1, failures: 0 });
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
};
