// flags: see the group `par`
import assert from "node:assert/strict";
import { a2a } from "./a2a.ts";
import { boot, get, pack } from "./bed.ts";

Deno.test("PAR serves an agent in TypeScript, which is granted what it declares and nothing else", async () => {
  await using par = await boot({ AGENT_PACKAGE_PATH: await pack("typescript") });
  await par.ready();
  const { rest, ports } = par;
  const base = `${rest}/agents/a-1`;
  const pong = { pong: true, path: "/api/ping", base: "/agents/a-1" };
  assert.deepEqual(await get(`${base}/api/ping`), [200, JSON.stringify(pong)]);
  assert.equal((await get(`${base}/nowhere`))[0], 404);
  // A client says of itself what it likes: it is told by its address, and by how it came.
  const forged = { "x-forwarded-for": "10.0.0.1", "x-forwarded-proto": "ftp" };
  assert.deepEqual(JSON.parse((await get(`${base}/api/who`, { headers: forged }))[1]), {
    client: "127.0.0.1",
    url: `${rest}/api/who`,
  });
  const upload = new Uint8Array(20_000_000);
  const [, uploaded] = await get(`${base}/api/upload`, { method: "POST", body: upload });
  assert.equal(JSON.parse(uploaded).bytes, upload.length);
  assert.deepEqual(JSON.parse((await get(`${base}/api/granted`))[1]), {
    own: "granted",
    ...{ path: "prompt", disk: "prompt", net: "prompt", run: "prompt", write: "prompt" },
    ...{ sys: "prompt", ffi: "prompt" },
  });
  assert.match((await get(`http://127.0.0.1:${ports.ui}/`))[1], /An agent in TypeScript/);

  const socket = new WebSocket(`ws://127.0.0.1:${ports.rest}/agents/a-1/ws`);
  const echoed = new Promise((resolve) => socket.onmessage = ({ data }) => resolve(data));
  socket.onopen = () => socket.send("hi");
  assert.equal(await echoed, "echo hi");
  const closed = new Promise((resolve) => socket.onclose = resolve);
  socket.close();
  await closed;

  assert.match(await a2a(ports.a2a, "Invoke", "greet", "who=you"), /\{"text":"Hello, you"\}/);
  assert.match(await a2a(ports.a2a, "Invoke", "throw"), /3 RangeError: thrown by an action/);
  await a2a(ports.a2a, "Invoke", "die");
  await par.sluice.said("starting it again (1 of 3)");
  while ((await get(`${rest}/health`))[0] !== 200) await par.sluice.said("/health answers 200");
  assert.match(await a2a(ports.a2a, "Invoke", "greet", "who=me"), /\{"text":"Hello, me"\}/);

  const { code, lines } = await par.end();
  assert.equal(code, 0);
  const skipped = lines.filter(({ details }) => details.state === "skipped");
  assert.deepEqual(skipped.map(({ event }) => event), ["venv", "install"]);
});

Deno.test("PAR ends 7 for an agent that asks for more than is allowed, before any code of it", async () => {
  await using par = await boot({ AGENT_PACKAGE_PATH: await pack("asking"), GREETING: "good day" });
  const { code, lines } = await par.ended();
  assert.equal(code, 7);
  const { details } = lines.at(-1)!;
  assert.match(
    String(details.message),
    /asks for more than AGENT_PERMISSIONS allows: has the variables GREETING/,
  );
  assert.doesNotMatch(JSON.stringify(lines), /its code was loaded/);
});

Deno.test("PAR holds AGENT_PERMISSIONS to the lock, and whoever accepts more gets just that", async () => {
  const env = {
    AGENT_PACKAGE_PATH: await pack("asking"),
    AGENT_PERMISSIONS: "env=GREETING",
    GREETING: "good day",
  };
  await using held = await boot(env);
  const { code, lines } = await held.ended();
  assert.equal(code, 7);
  assert.match(JSON.stringify(lines), /ceiling of the surface par does not allow:.*GREETING/);

  await using par = await boot(env, { accepted: true });
  await par.ready();
  const told = await a2a(par.ports.a2a, "Invoke", "greeting");
  assert.match(told, /\{"greeting":"good day","other":"prompt"\}/);
  assert.equal((await par.end()).code, 0);
});
