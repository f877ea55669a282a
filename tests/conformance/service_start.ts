import assert from "node:assert/strict";
import { startServices } from "../../steps/service/start.ts";
import type { Fixture } from "./fixture.ts";
import { superviseForTest } from "./supervised_service.ts";

/** A service that is stopped, and what it is to run, put in place a minute before. */
export const fixture: Fixture = {
  step: startServices,
  async arrange(dir) {
    const supervisor = await superviseForTest({ dir });
    await Deno.writeTextFile(`${dir}/current`, "");
    const before = new Date(Date.now() - 60_000);
    await Deno.utime(`${dir}/current`, before, before);
    return {
      params: { root: dir, service: [`supervisor:${supervisor.socket}`] },
      async verify(facts) {
        const [started] = facts.started as unknown as readonly { pid: number }[];
        const said = (await Deno.readTextFile(supervisor.log)).match(/ sup .*/g)?.at(-1);
        assert.equal(said, ` sup started process ${started?.pid}`);
      },
      [Symbol.asyncDispose]: () => supervisor[Symbol.asyncDispose](),
    };
  },
};
