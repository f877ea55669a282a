import assert from "node:assert/strict";
import { findVenv } from "../../steps/python/venv.ts";
import type { Fixture } from "./fixture.ts";
import { keyOf, pythonWorld } from "./python_world.ts";

/** A store in which there is no environment yet. */
export const fixture: Fixture = {
  step: findVenv,
  async arrange(dir) {
    const world = await pythonWorld(dir);
    return {
      ...world,
      async verify(facts) {
        await world.verify?.(facts);
        const key = await keyOf(world);
        assert.equal(facts.key, key);
        assert.equal(facts.building, `${dir}/store/.building-${key}`);
        assert.ok((await Deno.stat(`${dir}/store/.building-${key}`)).isDirectory);
      },
    };
  },
};
