// flags: --allow-env --allow-read
import assert from "node:assert/strict";
import { permissions } from "../../engine/permissions/permissions.ts";
import { launchRecord, planName, readLaunchRecords } from "./launch_record.ts";

const places = { deno: "/deno", project: "/p", cwd: "/home/op", runs: "/runs", tmp: "/tmp" };

function record() {
  const request = {
    mode: { kind: "resume", again: false },
    plan: { b: 1, a: [2] },
    permissions: permissions({ read: ["/srv"], write: ["/runs/1"] }),
    run: { id: "1", folder: "/runs/1" },
  } as const;
  const now = new Date("2026-01-02T03:04:05Z");
  return launchRecord(request, places, { box: "none", now });
}

Deno.test("launchRecord() states what is started, and readLaunchRecords() reads it back", () => {
  const line = { ...record(), process: 1 };
  assert.equal(line.mode, "resume");
  assert.equal(line.plan, planName({ a: [2], b: 1 }), "whatever the order of its keys");
  assert.deepEqual(line.denied, ["/runs/1/audit"]);
  assert.equal("signed" in line, false);
  const text = `${JSON.stringify(line)}\n${JSON.stringify({ ...line, process: 2 })}\n{"v":1,"pro`;
  assert.deepEqual(readLaunchRecords(text), [line, { ...line, process: 2 }]);
  assert.deepEqual(readLaunchRecords(""), []);
});

Deno.test("readLaunchRecords() refuses lines that are none", () => {
  const line = { ...record(), process: 1 };
  const bad: unknown[] = [
    null,
    [],
    { ...line, v: 2 },
    { ...line, process: "1" },
    { ...line, plan: 1 },
    { ...line, denied: "" },
    { ...line, accept: 1 },
    { ...line, permissions: { read: "/" } },
  ];
  for (const value of bad) {
    assert.throws(() => readLaunchRecords(`${JSON.stringify(value)}\n`), {
      name: "InvalidInputError",
    });
  }
  assert.throws(() => readLaunchRecords("{\n"), /line 1 of the record of launches is not JSON/);
});
