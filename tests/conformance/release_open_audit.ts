import assert from "node:assert/strict";
import { verifyChain } from "../../engine/journal/verify_chain.ts";
import { openAudit } from "../../steps/release/open_audit.ts";
import type { Fixture } from "./fixture.ts";
import { makeRoot } from "./release_root.ts";

export const fixture: Fixture = {
  step: openAudit,
  async arrange(dir) {
    await makeRoot(`${dir}/root`, { versions: ["1.0.0"], current: "1.0.0" });
    const audit = `${dir}/log/audit.log`;
    const params = { root: `${dir}/root`, audit, action: "apply", hooks: "unconfined" };
    return {
      params: { ...params, allow_downgrade: false, force: true },
      env: { SUDO_USER: "alice", LOGNAME: "root", USER: "root" },
      async verify() {
        const text = await Deno.readTextFile(audit);
        const checked = verifyChain(text);
        assert.equal(checked.ok && checked.lines, 1);
        const entry = JSON.parse(text);
        assert.match(entry.actor, /^alice\(\d+\)$/);
        assert.equal(entry.from, "1.0.0");
        assert.deepEqual(entry.overrides, ["force", "hooks: unconfined"]);
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
};
