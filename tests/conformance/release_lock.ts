import { lockRelease } from "../../steps/release/lock.ts";
import type { Fixture } from "./fixture.ts";
import { makeRoot } from "./release_root.ts";

/** An installation that a killed run left in disorder. */
export const fixture: Fixture = {
  step: lockRelease,
  async arrange(dir) {
    await makeRoot(dir, { versions: ["1.0.0"], current: "1.0.0" });
    await Deno.writeTextFile(`${dir}/.switch.another`, "1.0.0");
    return {
      params: { root: dir },
      async verify() {
        const names = (await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => name).sort();
        if (names.join() !== ".lock,current,releases") throw new Error(names.join());
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
};
