import assert from "node:assert/strict";
import { installPackage } from "../../steps/python/install.ts";
import type { Fixture } from "./fixture.ts";
import { keyOf, pythonWorld } from "./python_world.ts";

/** An environment that was begun. */
export const fixture: Fixture = {
  step: installPackage,
  async arrange(dir) {
    const world = await pythonWorld(dir);
    const key = await keyOf(world);
    return {
      ...world,
      late: { ...world.late, key },
      varying: {
        seconds: "how long it took",
        reused: "the second finds the environment that the first made",
      },
      async verify(facts) {
        await world.verify?.(facts);
        assert.equal(await Deno.readLink(`${dir}/store/active`), key);
        assert.deepEqual(facts.paths, [`${dir}/work/package`]);
        assert.equal(facts.python, `${dir}/store/active/bin/python`);
      },
    };
  },
};
