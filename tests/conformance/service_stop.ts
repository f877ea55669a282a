import assert from "node:assert/strict";
import { stopServices } from "../../steps/service/stop.ts";
import type { Fixture } from "./fixture.ts";
import { superviseForTest } from "./supervised_service.ts";

/** A service that runs, and what it runs, put in place a minute before. */
export const fixture: Fixture = {
  step: stopServices,
  async arrange(dir) {
    const supervisor = await superviseForTest({ dir, autostart: true });
    const service = `supervisor:${supervisor.socket}`;
    await Deno.writeTextFile(`${dir}/current`, "");
    const before = new Date(Date.now() - 60_000);
    await Deno.utime(`${dir}/current`, before, before);
    return {
      params: { root: dir, service: [service] },
      async verify(facts) {
        assert.deepEqual(facts.stopped, [service]);
        const said = (await Deno.readTextFile(supervisor.log)).match(/ sup .*/g)?.at(-1);
        assert.match(said ?? "", /process \d+ was stopped: /);
      },
      [Symbol.asyncDispose]: () => supervisor[Symbol.asyncDispose](),
    };
  },
};
