import assert from "node:assert/strict";
import type { ExecRequest, ExecResult, StepContext } from "../../engine/step.ts";
import { openService, permissionsOf } from "./service_manager.ts";
import { parseServiceRef } from "./service_ref.ts";

const { signal } = new AbortController();
const unit = "atp-router.service";

/** Records what would be started, and answers with what the program is known to print. */
function recorder(answer: Partial<ExecResult> = {}) {
  const calls: string[][] = [];
  const exec = ({ program, args }: ExecRequest): Promise<ExecResult> => {
    calls.push([program, ...args]);
    return Promise.resolve({ code: 0, stdout: "", stderr: "", ...answer });
  };
  return { calls, service: openService("systemd:atp-router", { exec } as StepContext) };
}

const show = [
  "systemctl",
  "show",
  "--timestamp=us+utc",
  "--property=LoadState,ActiveState,SubState,Result,MainPID,ExecMainStartTimestamp," +
  "ExecMainStartTimestampMonotonic",
  "--",
  unit,
];

Deno.test("systemd: exactly these programs are started", async () => {
  const { calls, service } = recorder();
  await service.status(signal);
  await service.stop(signal);
  await service.start(signal);
  await service.logs(20, signal);
  assert.deepEqual(calls, [
    show,
    ["systemctl", "--no-ask-password", "stop", "--", unit],
    ["systemctl", "--no-ask-password", "reset-failed", "--", unit],
    ["systemctl", "--no-ask-password", "start", "--", unit],
    [
      "journalctl",
      `--unit=${unit}`,
      "--lines=20",
      "--output=short-iso",
      "--no-hostname",
      "--no-pager",
      "--quiet",
    ],
  ]);
});

Deno.test("systemd: each use declares what it starts, and nothing else", () => {
  const ref = parseServiceRef("systemd:atp-router");
  const grants = (...uses: Parameters<typeof permissionsOf>[1]) =>
    permissionsOf(ref, uses).run.map(({ program, args, env }) => {
      assert.deepEqual(env, []);
      return [program, ...args];
    });
  assert.deepEqual(grants("status"), [show]);
  assert.deepEqual(grants("stop"), [["systemctl", "--no-ask-password", "stop", "--", unit]]);
  assert.deepEqual(grants("start").map((args) => args[2]), ["reset-failed", "start"]);
  assert.deepEqual(grants("logs")[0]!.filter((arg) => arg.includes("*")), ["--lines=*"]);
});

const running = `LoadState=loaded
ActiveState=active
SubState=running
Result=success
MainPID=4711
ExecMainStartTimestamp=Tue 2024-05-07 10:11:12.123456 UTC
ExecMainStartTimestampMonotonic=987654321
`;

Deno.test("systemd: a status tells the main process and when it was started", async () => {
  const { service } = recorder({ stdout: running });
  assert.deepEqual(await service.status(signal), {
    state: "running",
    main: {
      pid: 4711,
      started: "987654321",
      started_at: new Date("2024-05-07T10:11:12.123Z"),
    },
  });
});

const states: readonly [string, Record<string, string>, string, string | undefined][] = [
  ["never started", { ActiveState: "inactive", SubState: "dead" }, "stopped", undefined],
  ["reloading", { ActiveState: "reloading" }, "running", undefined],
  ["starting", { ActiveState: "activating", SubState: "start-pre" }, "starting", undefined],
  [
    "restarting",
    { ActiveState: "activating", SubState: "auto-restart", Result: "exit-code" },
    "backing-off",
    "result exit-code",
  ],
  ["stopping", { ActiveState: "deactivating" }, "stopping", undefined],
  [
    "failed",
    { ActiveState: "failed", Result: "start-limit-hit" },
    "failed",
    "result start-limit-hit",
  ],
  [
    "unknown",
    { LoadState: "not-found", ActiveState: "inactive" },
    "missing",
    `systemd says ${unit} is not-found`,
  ],
  ["masked", { LoadState: "masked" }, "missing", `systemd says ${unit} is masked`],
];

for (const [what, values, state, why] of states) {
  Deno.test(`systemd: a unit that is ${what} is ${state}`, async () => {
    const all = { LoadState: "loaded", Result: "success", MainPID: "0", ...values };
    const stdout = Object.entries(all).map(([name, value]) => `${name}=${value}\n`).join("");
    const { service } = recorder({ stdout });
    const wanted = why === undefined ? { state } : { state, why };
    assert.deepEqual(await service.status(signal), wanted);
  });
}

Deno.test("systemd: what systemctl refuses is an error with its words", async () => {
  const { service } = recorder({ code: 4, stderr: "Failed to start: Access denied\n" });
  await assert.rejects(service.start(signal), {
    name: "FailedError",
    message: /start -- atp-router\.service ended with 4: Failed to start: Access denied/,
  });
});
