import assert from "node:assert/strict";
import { openChain } from "../../engine/journal/chain.ts";
import { auditRelease } from "../../steps/release/audit.ts";
import type { AuditEntry } from "../../steps/release/audit_log.ts";
import type { Fixture } from "./fixture.ts";

/** A log in which the run of the suite has an open entry. */
export const fixture: Fixture = {
  step: auditRelease,
  async arrange(dir) {
    const audit = `${dir}/log/audit.log`;
    const entry: AuditEntry = {
      v: 1,
      time: new Date(Date.now() - 2_000).toISOString(),
      run: "conformance",
      actor: "alice(1000)",
      action: "apply",
      root: `${dir}/root`,
      from: "1.0.0",
      to: null,
      bundle_sha256: null,
      key_id: null,
      overrides: [],
      outcome: "started",
      reason: null,
      duration_s: 0,
    };
    await using chain = await openChain(audit);
    await chain.append(entry, { sync: true });
    return {
      params: { root: `${dir}/root`, audit },
      late: { outcome: "done", reason: "", to: "2.0.0", key_id: "k", bundle_sha256: "" },
      async verify() {
        const last = JSON.parse((await Deno.readTextFile(audit)).trimEnd().split("\n").at(-1)!);
        assert.equal(last.outcome, "done");
        assert.equal(last.to, "2.0.0");
        assert.ok(last.duration_s >= 2);
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
};
