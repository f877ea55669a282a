// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-net=unix:<tmp>/supervisor.sock
//        --allow-run=<deno>
import assert from "node:assert/strict";
import { systemClock } from "../../engine/execute/system_clock.ts";
import type { StepContext } from "../../engine/step.ts";
import { superviseForTest } from "../../tests/conformance/supervised_service.ts";
import { openService, type ServiceManager, type ServiceStatus } from "./service_manager.ts";
import { startServices } from "./start.ts";
import { stopServices } from "./stop.ts";

const { signal } = new AbortController();

interface World extends AsyncDisposable {
  readonly dir: string;
  readonly service: string;
  readonly manager: ServiceManager;
}

/** A supervised program. All tests use one socket, whose path the flags name. */
async function world(source?: string): Promise<World> {
  const dir = await Deno.makeTempDir();
  const socket = `${dir.slice(0, dir.lastIndexOf("/"))}/supervisor.sock`;
  const supervisor = await superviseForTest({ dir, socket, ...(source ? { source } : {}) });
  const service = `supervisor:${socket}`;
  return {
    dir,
    service,
    manager: openService(service, context()),
    async [Symbol.asyncDispose]() {
      await supervisor[Symbol.asyncDispose]();
      await Deno.remove(dir, { recursive: true });
    },
  };
}

function context(): StepContext {
  return {
    id: "S1",
    run: { id: "r1" },
    signal,
    clock: systemClock,
    emit: { note() {}, progress() {}, artifact() {} },
    exec: () => Promise.reject(new Error("no program may be started")),
  } as unknown as StepContext;
}

async function until(
  manager: ServiceManager,
  wanted: (status: ServiceStatus) => boolean,
): Promise<ServiceStatus> {
  const end = performance.now() + 10_000;
  for (;;) {
    const status = await manager.status(signal);
    if (wanted(status)) return status;
    assert.ok(performance.now() < end, `it is still ${JSON.stringify(status)}`);
    await systemClock.sleep(20);
  }
}

async function untilLogged(manager: ServiceManager, text: string): Promise<readonly string[]> {
  const end = performance.now() + 10_000;
  for (;;) {
    const lines = await manager.logs(100, signal);
    if (lines.some((line) => line.includes(text))) return lines;
    assert.ok(performance.now() < end, `${text} is not in ${lines.join("\n")}`);
    await systemClock.sleep(20);
  }
}

/** What stands for the link `current`, put in place so many milliseconds ago. */
async function install(dir: string, ago = 0): Promise<void> {
  await Deno.writeTextFile(`${dir}/current`, "");
  const time = new Date(Date.now() - ago);
  await Deno.utime(`${dir}/current`, time, time);
}

Deno.test("supervisor: starts, tells its log, and stops; each twice without harm", async () => {
  await using at = await world();
  assert.deepEqual(await at.manager.status(signal), { state: "stopped" });
  await at.manager.start(signal);
  const { main, state } = await at.manager.status(signal);
  assert.equal(state, "running");
  assert.ok(main !== undefined && main.pid > 0);
  const lines = await untilLogged(at.manager, " out ready");
  assert.match(lines[0]!, new RegExp(`^20\\S+Z sup started process ${main.pid}$`));
  await at.manager.start(signal);
  assert.deepEqual((await at.manager.status(signal)).main, main);
  await at.manager.stop(signal);
  await at.manager.stop(signal);
  assert.equal((await at.manager.status(signal)).main, undefined);
});

Deno.test("supervisor: restarts a program that ends, and reports a crash loop", async () => {
  await using at = await world(`console.error("cannot bind"); Deno.exit(3);`);
  await at.manager.start(signal);
  const status = await until(at.manager, ({ why }) => why?.includes("again and again") === true);
  assert.match(status.why!, /ended by itself: exit code 3; it crashes again and again/);
  await untilLogged(at.manager, " err cannot bind");
  await at.manager.stop(signal);
  assert.equal((await at.manager.status(signal)).state, "stopped");
});

Deno.test("supervisor: the socket is for its owner, and a second supervisor is refused", async () => {
  await using at = await world();
  const socket = at.service.slice("supervisor:".length);
  assert.equal((await Deno.stat(socket)).mode! & 0o777, 0o600);
  const other = `${at.dir}/other`;
  await Deno.mkdir(other);
  await assert.rejects(superviseForTest({ dir: other, socket }), /supervises at .* already/);
  assert.equal((await at.manager.status(signal)).state, "stopped");
});

Deno.test("supervisor: a socket that a killed one left behind is replaced", async () => {
  const dir = await Deno.makeTempDir();
  const socket = `${dir.slice(0, dir.lastIndexOf("/"))}/supervisor.sock`;
  const killed = await superviseForTest({ dir, socket });
  killed.process.kill("SIGKILL");
  await killed[Symbol.asyncDispose]();
  assert.ok((await Deno.lstat(socket)).isSocket);
  await using at = await world();
  assert.equal((await at.manager.status(signal)).state, "stopped");
  await Deno.remove(dir, { recursive: true });
});

Deno.test("supervisor: nobody at the socket is an error that says so", async () => {
  const dir = await Deno.makeTempDir();
  const socket = `${dir.slice(0, dir.lastIndexOf("/"))}/supervisor.sock`;
  const manager = openService(`supervisor:${socket}`, context());
  await assert.rejects(manager.status(signal), {
    name: "FailedError",
    message: `no supervisor listens at ${socket}`,
  });
  await Deno.remove(dir, { recursive: true });
});

Deno.test("supervisor: who is asked to stop waiting does not wait for a stubborn program", async () => {
  await using at = await world(
    `Deno.addSignalListener("SIGTERM", () => {}); console.log("deaf"); setInterval(() => {}, 1000);`,
  );
  await at.manager.start(signal);
  await untilLogged(at.manager, " out deaf");
  const cancel = new AbortController();
  const reason = new Error("enough");
  const stopped = at.manager.stop(cancel.signal);
  await until(at.manager, ({ state }) => state === "stopping");
  cancel.abort(reason);
  await assert.rejects(stopped, reason);
  // The supervisor goes on with it, by force.
  await until(at.manager, ({ state }) => state === "stopped");
  await untilLogged(at.manager, "ignored SIGTERM for 800 ms: it is killed");
});

Deno.test("service.start gives a new main process, and leaves a young one alone", async () => {
  await using at = await world();
  const input = { service: [at.service], root: at.dir };
  await install(at.dir, 1_000);
  const first = await startServices.run(input, context());
  assert.equal(first.started.length, 1);
  assert.deepEqual(await startServices.run(input, context()), first);
  // It runs what was current before: it has to go.
  await install(at.dir);
  const second = await startServices.run(input, context());
  assert.notEqual(second.started[0]!.pid, first.started[0]!.pid);
});

Deno.test("service.start without a release refuses to start anything", async () => {
  await using at = await world();
  await assert.rejects(
    startServices.run({ service: [at.service], root: at.dir }, context()),
    /there is no .*\/current/,
  );
  assert.equal((await at.manager.status(signal)).state, "stopped");
});

Deno.test("service.stop stops, and its undo starts again, with or without facts", async () => {
  await using at = await world();
  const input = { service: [at.service], root: at.dir };
  if (stopServices.effect !== "reversible") throw new Error("it has to be reversible");
  await install(at.dir, 1_000);
  await at.manager.start(signal);
  const facts = await stopServices.run(input, context());
  assert.deepEqual(facts, { stopped: [at.service] });
  assert.deepEqual(await stopServices.run(input, context()), facts);
  await stopServices.undo(input, facts, context());
  const { main } = await at.manager.status(signal);
  assert.ok(main !== undefined);
  await stopServices.undo(input, undefined, context());
  assert.deepEqual((await at.manager.status(signal)).main, main);
});

Deno.test("service.stop: its undo starts afresh what still runs the release that went", async () => {
  await using at = await world();
  const input = { service: [at.service], root: at.dir };
  if (stopServices.effect !== "reversible") throw new Error("it has to be reversible");
  await install(at.dir, 1_000);
  await at.manager.start(signal);
  const before = (await at.manager.status(signal)).main;
  await install(at.dir);
  await stopServices.undo(input, undefined, context());
  assert.notDeepEqual((await at.manager.status(signal)).main, before);
});

Deno.test("service.stop: its undo says that there is nothing to go back to", async () => {
  await using at = await world();
  if (stopServices.effect !== "reversible") throw new Error("it has to be reversible");
  await assert.rejects(
    stopServices.undo({ service: [at.service], root: at.dir }, { stopped: [] }, context()),
    { name: "FailedError", message: /there is no release under .* to go back to/ },
  );
  assert.equal((await at.manager.status(signal)).state, "stopped");
});
