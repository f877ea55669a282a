// flags: none
import assert from "node:assert/strict";
import { auditLog, readAuditLogName } from "./audit_log.ts";

Deno.test("readAuditLogName() reads the names that auditLog() gives", () => {
  const name = (...rest: [number, string, number]) => auditLog("/r", ...rest).replace(/.*\//, "");
  assert.deepEqual(readAuditLogName(name(2, "count", 3)), { start: 2, step: "count" });
  assert.deepEqual(readAuditLogName(name(1, "a.b.7", 12)), { start: 1, step: "a.b.7" });
  // A step may be called as the runner is.
  assert.deepEqual(readAuditLogName(name(1, "runner", 1)), { start: 1, step: "runner" });
  assert.deepEqual(readAuditLogName("12-runner.jsonl"), { start: 12 });
  for (const other of ["0-runner.jsonl", "runner.jsonl", "1-.1.jsonl", "1-count.jsonl", "x"]) {
    assert.equal(readAuditLogName(other), undefined, other);
  }
});
