import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { sample, startAgent } from "./bed.ts";
import { ask, openSocket } from "./rest_client.ts";

Deno.test("routes live below the base path exactly once", async () => {
  await using _bed = await startAgent(sample);
  const found = await ask("/agents/x/api/ping");
  assert.equal(found.status, 200);
  assert.deepEqual(JSON.parse(found.text), { pong: true, path: "/agents/x/api/ping" });
  for (const path of ["/api/ping", "/", "/agents", "/agents/xx/api/ping", "/agents/y/api/ping"]) {
    assert.equal((await ask(path)).status, 404, path);
  }
  assert.equal((await ask("/agents/x/agents/x/api/ping")).status, 404);
  assert.equal((await ask("/agents/x/openapi.json")).status, 200);
});

Deno.test("routes live at the root where that is the base path", async () => {
  await using _bed = await startAgent({ ...sample, base_path: "/" });
  assert.equal((await ask("/api/ping")).status, 200);
  assert.equal((await ask("//api/ping")).status, 404);
});

Deno.test("a streaming answer arrives in pieces, as they are made", async () => {
  await using _bed = await startAgent(sample);
  const { pieces, text } = await ask("/agents/x/api/count?pieces=3&gap_ms=300");
  assert.equal(text, "0\n1\n2\n");
  assert.equal(pieces.length, 3);
  assert.ok(pieces[2]!.at - pieces[0]!.at > 400);
});

Deno.test("an upload of 50 MB passes whole", async () => {
  await using _bed = await startAgent(sample);
  const piece = new Uint8Array(2 ** 20).map((_, n) => n % 251);
  const digest = createHash("sha256");
  const body = function* () {
    for (let n = 0; n < 50; n++) {
      digest.update(piece);
      yield piece;
    }
  };
  const answer = await ask("/agents/x/api/upload", { method: "POST", body: body() });
  const expected = { bytes: 50 * 2 ** 20, sha256: digest.digest("hex") };
  assert.deepEqual(JSON.parse(answer.text), expected);
});

Deno.test("a WebSocket below the base path echoes; there is none elsewhere", async () => {
  await using _bed = await startAgent(sample);
  const socket = await openSocket("/agents/x/ws");
  for (const text of ["one", "zwei ✓"]) {
    await socket.send(text);
    assert.equal(await socket.receive(), text);
  }
  socket.close();
  await assert.rejects(openSocket("/ws"), /HTTP\/1\.1 403/);
});

Deno.test("a plain route that blocks holds up no other", async () => {
  await using bed = await startAgent(sample);
  const blocked = ask("/agents/x/api/block?ms=2000");
  let isOver = false;
  void blocked.then(() => isOver = true);
  for (let n = 0; n < 10; n++) assert.equal((await ask("/agents/x/api/ping")).status, 200);
  const { result } = await bed.link.invoke("echo", { text: "there" }, { timeout_ms: 1000 });
  assert.equal(result, "there");
  assert.equal(isOver, false);
  assert.equal((await blocked).status, 200);
});

Deno.test("a route that throws answers 500 without a traceback, which is on standard error", async () => {
  await using bed = await startAgent(sample);
  const answer = await ask("/agents/x/api/throw");
  assert.equal(answer.status, 500);
  assert.equal(answer.text, "Internal Server Error");
  await bed.link.stop(2000);
  assert.match((await bed.ended).stderr, /routes\.py", line \d+, in throw/);
});

Deno.test("the client is whom Deno names, and an agent's start and end are run", async () => {
  await using bed = await startAgent({
    files: {
      "m.py": `
from contextlib import asynccontextmanager
from fastapi import Request, WebSocket
@asynccontextmanager
async def lifespan(app):
    print("begun")
    yield {"greeting": "hello"}
    print("over")
def mount(app):
    app.router.lifespan_context = lifespan
    @app.get("/who")
    async def who(request: Request):
        return [request.client.host, request.url.scheme, request.state.greeting]
    @app.websocket("/ws")
    async def ws(socket: WebSocket):
        await socket.accept()
        await socket.send_text(f"{socket.client.host} {socket.url.scheme}")
`,
    },
    manifest: { rest: { entry: "m:mount" } },
  });
  // The first is what a client wrote, the last whom Deno saw.
  const headers = { "x-forwarded-for": "203.0.113.9, 192.0.2.7", "x-forwarded-proto": "https" };
  const { text } = await ask("/agents/x/who", { headers });
  assert.deepEqual(JSON.parse(text), ["192.0.2.7", "https", "hello"]);
  const socket = await openSocket("/agents/x/ws", headers);
  assert.equal(await socket.receive(), "192.0.2.7 wss");
  socket.close();
  await bed.link.stop(2000);
  assert.deepEqual(await bed.ended, { code: 0, signal: null, stdout: "begun\nover\n", stderr: "" });
});
