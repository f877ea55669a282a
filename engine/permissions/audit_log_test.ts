// flags: none
import assert from "node:assert/strict";
import { readAuditLog } from "./audit_log.ts";

function line(permission: string, value: unknown, datetime = "2026-01-02T03:04:05Z"): string {
  return `${JSON.stringify({ v: 1, datetime, permission, value })}\n`;
}
const second = Date.parse("2026-01-02T03:04:05Z");

Deno.test("readAuditLog() counts what was asked for often, with its seconds", () => {
  const text = line("read", "/a") + line("read", "/a") + line("write", "/a") +
    line("read", "/a", "2026-01-02T03:04:09Z");
  const { checks, lines, damaged, torn } = readAuditLog(text);
  assert.deepEqual(checks, [
    { permission: "read", value: "/a", seconds: [second, second + 4000], count: 3 },
    { permission: "write", value: "/a", seconds: [second], count: 1 },
  ]);
  assert.deepEqual({ lines, damaged, torn }, { lines: 4, damaged: [], torn: false });
});

Deno.test("readAuditLog() keeps apart everything of a kind, and an empty name", () => {
  const { checks } = readAuditLog(line("env", null) + line("env", "") + line("env", "null"));
  assert.deepEqual(checks.map(({ value }) => value), [null, "", "null"]);
});

Deno.test("readAuditLog() tells the lines that are none", () => {
  const bad = [
    "",
    "{",
    "null",
    "[]",
    '{"v":2,"datetime":"2026-01-02T03:04:05Z","permission":"read","value":"/a"}',
    '{"v":1,"datetime":"yesterday","permission":"read","value":"/a"}',
    '{"v":1,"permission":"read","value":"/a"}',
    '{"v":1,"datetime":"2026-01-02T03:04:05Z","permission":"read"}',
    '{"v":1,"datetime":"2026-01-02T03:04:05Z","permission":"read","value":7}',
    '{"v":1,"datetime":"2026-01-02T03:04:05Z","value":"/a"}',
  ];
  const { lines, damaged, torn } = readAuditLog(line("read", "/a") + bad.join("\n") + "\n");
  assert.equal(lines, 1);
  assert.deepEqual(damaged, bad.map((_, index) => index + 2));
  assert.ok(!torn);
});

Deno.test("readAuditLog() knows a line that a kill cut off", () => {
  const { lines, damaged, torn } = readAuditLog(
    line("read", "/a") + line("read", "/b").slice(0, 9),
  );
  assert.deepEqual({ lines, damaged, torn }, { lines: 1, damaged: [], torn: true });
  assert.deepEqual(readAuditLog(""), { checks: [], lines: 0, damaged: [], torn: false });
});
