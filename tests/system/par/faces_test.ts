// flags: see the group `par`
import assert from "node:assert/strict";
import { readTokens } from "../../../engine/events/read_tokens.ts";
import { verifyTokens } from "../../../engine/events/verify_tokens.ts";
import { sluice } from "../../cli/start_sluice.ts";
import { a2a } from "./a2a.ts";
import { boot, get, pack, parFolder } from "./bed.ts";

Deno.test("PAR boots a package and serves its three faces, until it is told to end", async () => {
  await using par = await boot({ AGENT_PACKAGE_PATH: await pack("sample"), DEPLOYMENT_ID: "d-7" });
  // From the first moment that it accepts until it is ready, health is 503, whoever asks.
  await par.sluice.said('"event":"download"');
  assert.equal((await get(`${par.rest}/health`))[0], 503);
  await par.ready();
  const { rest, ports } = par;
  const [status, health] = await get(`${rest}/health`);
  assert.deepEqual([status, JSON.parse(health).surfaces], [200, {
    rest: true,
    a2a: true,
    ui: true,
  }]);

  const base = `${rest}/agents/a-1`;
  assert.deepEqual(await get(`${base}/api/ping`), [
    200,
    `{"pong":true,"path":"/agents/a-1/api/ping"}`,
  ]);
  assert.equal((await get(`${rest}/api/ping`))[0], 404);
  assert.equal((await get(`${base}/agents/a-1/api/ping`))[0], 404);
  const page = await Deno.readTextFile(
    new URL("../../fixtures/agents/sample/ui/index.html", import.meta.url),
  );
  assert.deepEqual(await get(`${base}/ui/`), [200, page]);
  // The agent may write its package; what is served lies elsewhere.
  const own = `${parFolder()}/agent-runtime/package/ui/index.html`;
  await Deno.writeTextFile(own, "another page");
  assert.deepEqual(await get(`http://127.0.0.1:${ports.ui}/`), [200, page]);
  // A client says of itself what it likes: it is told by its address, and by how it came.
  const forged = { "x-forwarded-for": "10.0.0.1", "x-forwarded-proto": "ftp" };
  assert.deepEqual(JSON.parse((await get(`${base}/api/who`, { headers: forged }))[1]), {
    client: "127.0.0.1",
    url: `${rest}/agents/a-1/api/who`,
  });
  const upload = new Uint8Array(20_000_000);
  const [, uploaded] = await get(`${base}/api/upload`, { method: "POST", body: upload });
  assert.equal(JSON.parse(uploaded).bytes, upload.length);

  assert.match(await a2a(ports.a2a, "Ping"), /^1 pong\n2 \d+\n$/);
  assert.match(
    await a2a(ports.a2a, "Invoke", "greet", "who=you"),
    /^1 1\n2 \{"text": ?"Hello, you", ?"to": ?"you"\}\n/,
  );
  assert.match(await a2a(ports.a2a, "Invoke", "throw"), /3 RuntimeError: thrown by an action/);
  assert.match(await a2a(ports.a2a, "/grpc.health.v1.Health/Check"), /^1 1\n$/);

  const meta = JSON.parse((await get(`${rest}/meta`))[1]);
  assert.deepEqual([meta.name, meta.version, meta.base_path], ["sample", "1.2.3", "/agents/a-1"]);
  assert.ok(meta.boot_stats.total_ms > 0 && meta.boot_stats.phases_ms.load > 0);

  const socket = new WebSocket(`ws://127.0.0.1:${ports.rest}/agents/a-1/ws`);
  const echoed = new Promise((resolve, reject) => {
    socket.onopen = () => socket.send("hello");
    socket.onmessage = ({ data }) => resolve(data);
    socket.onerror = reject;
  });
  assert.equal(await echoed, "hello");
  const closed = new Promise((resolve) => socket.onclose = resolve);
  socket.close();
  await closed;

  const { code, lines } = await par.end();
  assert.equal(code, 0);
  for (const line of lines) {
    const keys = Object.keys(line).filter((key) => key !== "token");
    assert.deepEqual(keys, ["level", "ts", "agentAppId", "deploymentId", "event", "details"]);
    assert.deepEqual(
      [line.agentAppId, (line as unknown as { deploymentId: string }).deploymentId],
      [
        "a-1",
        "d-7",
      ],
    );
  }
  const done = lines.filter(({ details }) => details.state === "done").map(({ event }) => event);
  assert.deepEqual(done, [
    "config",
    "health",
    "download",
    "extract",
    "ui",
    "venv",
    "install",
    "load",
    "serve",
    "ready",
    "up",
    "exit",
  ]);
  const log = lines.map((line) => JSON.stringify(line)).join("\n");
  const { tokens } = readTokens(log);
  assert.deepEqual(verifyTokens(tokens), []);
  // What was kept of the run can be read again.
  const runs = `${parFolder()}-runs`;
  const run = String(tokens[0]!.details.run);
  const audited = await sluice(["audit", run, "--runs", runs], { cwd: runs });
  assert.equal(audited.stderr, "");
  assert.match(audited.stdout, /^attempted and not declared\n {2}nothing$/m);
});

Deno.test("PAR installs nothing where the store has what a package needs", async () => {
  await using par = await boot({ AGENT_PACKAGE_PATH: await pack("sample") });
  await par.ready();
  const { lines } = await par.end();
  const installed = lines.find(({ event, details }) =>
    event === "install" && details.state === "done"
  );
  assert.deepEqual([installed?.details.reused, installed?.details.distributions], [true, 17]);
});

Deno.test("PAR is 503 at once when the agent's process dies, and has it again", async () => {
  await using par = await boot({ AGENT_PACKAGE_PATH: await pack("sample") });
  await par.ready();
  const killed = performance.now();
  await killWorker();
  await par.sluice.said("/health answers 503: rest");
  assert.ok(performance.now() - killed < 5000, "loose, since machines that run tests are busy");
  const told = await par.sluice.said("starting it again (1 of 3)");
  assert.match(told, /"level":"warn".*the agent's process ended by SIGKILL/);
  while ((await get(`${par.rest}/health`))[0] !== 200) await par.sluice.said("/health answers 200");
  assert.equal((await get(`${par.rest}/agents/a-1/api/ping`))[0], 200);
});

Deno.test("PAR starts no agent in the environment that another boot has made active", async () => {
  await using par = await boot({ AGENT_PACKAGE_PATH: await pack("sample") });
  await par.ready();
  const link = `${parFolder()}/agent-venv/active`;
  const args = ["-sfn", "--", "0".repeat(64), link];
  assert.ok((await new Deno.Command("/usr/bin/ln", { args }).output()).success);
  await killWorker();
  const { code, lines } = await par.ended();
  assert.equal(code, 4);
  assert.match(
    String(lines.at(-1)!.details.message),
    /agent-venv\/active leads to the environment of another package/,
  );
});

Deno.test("PAR lets what it accepted end when it is told to", async () => {
  await using par = await boot({ AGENT_PACKAGE_PATH: await pack("sample") });
  await par.ready();
  const base = `${par.rest}/agents/a-1`;
  const slow = await fetch(`${base}/api/count?pieces=6&gap_ms=200`);
  const reader = slow.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = (await reader.read()).value ?? "";
  const ending = par.end();
  for (let read = await reader.read(); !read.done; read = await reader.read()) text += read.value;
  assert.equal(text, "0\n1\n2\n3\n4\n5\n");
  assert.equal((await ending).code, 0);
});

Deno.test("PAR passes on to a gRPC server that the package has of its own", async () => {
  await using par = await boot({ AGENT_PACKAGE_PATH: await pack("own_grpc") });
  await par.ready();
  const surfaces = JSON.parse((await get(`${par.rest}/health`))[1]).surfaces;
  assert.deepEqual(surfaces, { rest: true, a2a: true, ui: null });
  const told = await a2a(par.ports.a2a, "/own.Service/Nothing");
  assert.match(told, /UNIMPLEMENTED/);
});

Deno.test("PAR is 503 when the server that the package has of its own ends, and has it again", async () => {
  await using par = await boot({ AGENT_PACKAGE_PATH: await pack("own_grpc") });
  await par.ready();
  await a2a(par.ports.a2a, "/sample.Echo/Stop");
  await par.sluice.said("nobody listens on grpc.sock any more; starting it again (1 of 3)");
  await par.sluice.said("/health answers 503: a2a");
  while ((await get(`${par.rest}/health`))[0] !== 200) await par.sluice.said("/health answers 200");
  assert.match(await a2a(par.ports.a2a, "/own.Service/Nothing"), /UNIMPLEMENTED/);
  assert.equal((await par.end()).code, 0);
});

/** Ends the agent's process as the kernel does when memory is short. */
async function killWorker(): Promise<void> {
  const pattern = `^${Deno.env.get("TMPDIR")}/par/agent-venv/active/bin/python`;
  const { success } = await new Deno.Command("/usr/bin/pkill", { args: ["-KILL", "-f", pattern] })
    .output();
  assert.ok(success, "the agent's process was not found");
}
