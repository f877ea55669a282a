// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-run=<deno>
//        --allow-net=127.0.0.1,unix:<tmp>/supervisor.sock
import assert from "node:assert/strict";
import { FailedError } from "../../engine/errors.ts";
import { superviseForTest } from "../../tests/conformance/supervised_service.ts";
import { healthGate } from "./gate.ts";
import { testContext, type TestContextOptions } from "./test_bed.ts";

const secret = "k3y-of-the-router";

/** A service that says it is sick, and one that logs the key it was asked with. */
async function world() {
  const dir = await Deno.makeTempDir();
  const socket = `${dir.slice(0, dir.lastIndexOf("/"))}/supervisor.sock`;
  const supervisor = await superviseForTest({
    dir,
    socket,
    autostart: true,
    source: `console.log("asked with ${secret}"); console.log("");
console.log("out of order\\u001b[31m"); setInterval(() => {}, 60_000);`,
  });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => Response.json({ status: "unhealthy", version: "2.0.0" }),
  );
  const params = {
    service: [`supervisor:${socket}`],
    health: `http://127.0.0.1:${server.addr.port}/`,
    version_at: "/version",
    version_header: "X-Key=env:KEY",
    good_answers: 2,
    deadline: 300,
    settle: 0,
    release: "2.0.0",
    previous: [],
  };
  const kept = `${dir}/artifacts`;
  await Deno.mkdir(kept);
  return {
    kept,
    async gate(options: TestContextOptions = {}) {
      const ctx = testContext({ secrets: { "env:KEY": secret }, ...options });
      await healthGate.run(params, { ...ctx, artifacts: () => Promise.resolve(kept) });
    },
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      await supervisor[Symbol.asyncDispose]();
    },
  };
}

Deno.test("release.gate keeps the reason and the service's last lines, without the header's secret", async () => {
  await using it = await world();
  const error = await it.gate().then(() => assert.fail(), (error) => error);
  assert.ok(error instanceof FailedError);
  assert.match(
    error.message,
    /did not prove healthy within 0\.\d s \(0 of 2 good answers in a row\)/,
  );
  assert.match(
    error.message,
    /status "unhealthy".*; its log ends: .* asked with \*\*\* \| .* out of order/,
  );
  assert.match(error.artifact!, /\/rollback-[\dT-]+Z\.log$/);
  const log = await Deno.readTextFile(error.artifact!);
  assert.match(log, /^reason: .*unhealthy/m);
  assert.match(log, /^--- the last lines of supervisor:/m);
  assert.match(log, /asked with \*\*\*$/m);
  assert.ok(!log.includes(secret) && !error.message.includes(secret));
  assert.equal((await Deno.stat(error.artifact!)).mode! & 0o777, 0o600);
});

Deno.test("release.gate keeps no log when it is told to stop", async () => {
  await using it = await world();
  const signal = AbortSignal.timeout(50);
  await assert.rejects(it.gate({ signal }), { name: "TimeoutError" });
  assert.deepEqual(await Array.fromAsync(Deno.readDir(it.kept)), []);
});
