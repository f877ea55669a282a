// flags: --allow-net=127.0.0.1
import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { drainable } from "./drain_server.ts";
import { listenOn } from "./listen_on.ts";

/** Milliseconds that no test waits for. */
const long = 30_000;

/** Each look comes at once; the deadline never. */
function looksOnly(ms: number): Promise<void> {
  return new Promise((resolve) => ms === long || setTimeout(resolve));
}

async function serve(listener: RequestListener) {
  const server = createServer(listener);
  const connections = drainable(server);
  await listenOn(server, "127.0.0.1", 0);
  return { connections, port: (server.address() as AddressInfo).port };
}

async function open(port: number, text: string): Promise<Deno.Conn> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  await conn.write(new TextEncoder().encode(text));
  return conn;
}

Deno.test("drain() waits for nobody who asks nothing", async () => {
  const { connections, port } = await serve((_, response) => response.end("answer"));
  const texts = ["", "GET / HT", "GET / HTTP/1.1\r\nhost: a\r\n\r\n"];
  const conns = await Promise.all(texts.map((text) => open(port, text)));
  // One that was of use, and is kept.
  assert.ok((await conns[2]!.read(new Uint8Array(1000)))! > 0);
  assert.equal(await connections.drain(long, looksOnly), 0);
  for (const conn of conns) conn.close();
});

Deno.test("drain() takes the request that a connection brings while it drains", async () => {
  const { connections, port } = await serve((_, response) => response.end("answer"));
  using conn = await open(port, "");
  // A second passes by fifty looks: the request comes at the third.
  let looks = 0;
  const sleep = async (ms: number) => {
    if (ms !== long && ++looks === 3) {
      await conn.write(new TextEncoder().encode("GET / HTTP/1.1\r\nhost: a\r\n\r\n"));
    }
    await looksOnly(ms);
  };
  const drained = connections.drain(long, sleep);
  const bytes = new Uint8Array(1000);
  const read = await conn.read(bytes);
  assert.match(new TextDecoder().decode(bytes.subarray(0, read!)), /^HTTP\/1.1 200 OK/);
  assert.equal(await drained, 0);
});
