// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=/usr/bin/ln --allow-sys=uid
//        --allow-env=SUDO_USER,LOGNAME,USER
import assert from "node:assert/strict";
import type { ErrorRecord } from "../../engine/errors.ts";
import { verifyChain } from "../../engine/journal/verify_chain.ts";
import { makeRoot } from "../../tests/conformance/release_root.ts";
import { auditRelease } from "./audit.ts";
import type { AuditEntry } from "./audit_log.ts";
import { openAudit } from "./open_audit.ts";
import { testContext, type TestContextOptions } from "./test_bed.ts";

const rules = { allow_downgrade: false, force: false, hooks: "refuse" } as const;
const unknown = { to: "", key_id: "", bundle_sha256: "" };

async function world() {
  const dir = await Deno.makeTempDir();
  const [root, audit] = [`${dir}/root`, `${dir}/log/audit.log`];
  await makeRoot(root, { versions: ["1.0.0"], current: "1.0.0" });
  return {
    root,
    begin: (run: string, of = root) =>
      openAudit.run({ root: of, audit, action: "apply", ...rules }, testContext({ run })),
    end: (run: string, options: TestContextOptions = {}, reason = "") => {
      const ending = { outcome: reason === "" ? "done" : "failed", reason, ...unknown };
      return auditRelease.run({ root, audit, ...ending }, testContext({ run, ...options }));
    },
    async entries(): Promise<AuditEntry[]> {
      const text = await Deno.readTextFile(audit);
      const lines = text.trimEnd().split("\n");
      const checked = verifyChain(text);
      assert.equal(checked.ok && checked.lines, lines.length);
      return lines.map((line) => JSON.parse(line));
    },
  };
}

const shown = (entries: readonly AuditEntry[]) =>
  entries.map(({ run, outcome }) => `${run} ${outcome}`);

Deno.test("release.open_audit ends as interrupted what a kill left open, of its own root only", async () => {
  const { root, begin, end, entries } = await world();
  await begin("killed");
  await begin("elsewhere", `${root}/other`);
  assert.deepEqual(await begin("r1"), { interrupted: ["killed"] });
  await end("r1");
  assert.deepEqual(await begin("r2"), { interrupted: [] });
  assert.deepEqual(shown(await entries()), [
    "killed started",
    "elsewhere started",
    "killed interrupted",
    "r1 started",
    "r1 done",
    "r2 started",
  ]);
  assert.match((await entries())[2]!.reason!, /cut off; run r1 found it so/);
});

Deno.test("release.open_audit and release.audit add nothing when a resumed run asks again", async () => {
  const { begin, end, entries } = await world();
  await begin("r1");
  await begin("r1");
  await end("r1");
  await end("r1");
  assert.deepEqual(shown(await entries()), ["r1 started", "r1 done"]);
});

Deno.test("release.audit takes what a refusal knows of the bundle from the refusal", async () => {
  const { begin, end, entries } = await world();
  await begin("r1");
  const details = { offered: "0.9.0", key_id: "k1" };
  const error: ErrorRecord = { name: "E", message: "m", exit: 6, retryable: false, details };
  await end("r1", { failure: { step: "P5-1", error } }, "version 0.9.0 is below 1.0.0");
  const last = (await entries()).at(-1)!;
  assert.equal(last.from, "1.0.0");
  assert.equal(last.to, "0.9.0");
  assert.equal(last.key_id, "k1");
  assert.equal(last.bundle_sha256, null);
  assert.equal(last.reason, "version 0.9.0 is below 1.0.0");
});

Deno.test("release.audit has nothing to end where nothing was opened: somebody else was at it", async () => {
  const { begin, end, entries } = await world();
  await begin("r1");
  await end("busy");
  assert.deepEqual(shown(await entries()), ["r1 started"]);
});

Deno.test("release.open_audit tells of an installation whose current is no link", async () => {
  const { root, begin, entries } = await world();
  await Deno.remove(`${root}/current`);
  await Deno.mkdir(`${root}/current`);
  await begin("r1");
  assert.equal((await entries())[0]!.from, null);
});

Deno.test("release.open_audit and release.audit have no undo that would hide a refusal's exit code", () => {
  assert.equal(openAudit.effect, "none");
  assert.equal(auditRelease.effect, "none");
});
