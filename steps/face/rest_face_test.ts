// flags: --allow-read=<tmp> --allow-write=<tmp> --allow-net=127.0.0.1,unix:<tmp>/face.sock
import assert from "node:assert/strict";
import { connect } from "node:net";
import { FailedError } from "../../engine/errors.ts";
import { systemClock } from "../../engine/execute/system_clock.ts";
import { makeHealthBoard } from "./health_board.ts";
import { openRest } from "./rest_face.ts";
import { meta, restBed, socketPath } from "./test_bed.ts";

const base = "/agents/a-1";

async function get(url: string, init?: RequestInit): Promise<[number, unknown]> {
  const response = await fetch(url, init);
  const text = await response.text();
  return [response.status, text.startsWith("{") ? JSON.parse(text) : text];
}

Deno.test("openRest() answers /health with 503 until all is up, and again when something is not", async () => {
  await using bed = await restBed();
  const { board, url } = bed;
  const surfaces = { rest: false, a2a: false, ui: false };
  assert.deepEqual(await get(`${url}/health`), [503, { ok: false, surfaces, timestamp: 1000 }]);
  assert.equal((await get(`${url}/meta`))[0], 503);
  assert.equal((await get(`${url}${base}/x`))[0], 503);
  board.set("rest", "up");
  board.set("a2a", "up");
  board.set("ui", "off");
  assert.equal((await get(`${url}/health`))[0], 503);
  board.open = true;
  const up = { ok: true, surfaces: { rest: true, a2a: true, ui: null }, timestamp: 1000 };
  assert.deepEqual(await get(`${url}/health`), [200, up]);
  assert.equal((await get(`${url}/a2a/health`))[0], 200);
  assert.equal((await get(`${url}/ui/health`))[0], 404);
  board.set("a2a", "down");
  assert.equal((await get(`${url}/health`))[0], 503);
  assert.equal((await get(`${url}/a2a/health`))[0], 503);
});

Deno.test("openRest() mounts the agent's routes under the base path exactly once", async () => {
  await using bed = await restBed((request, response) => response.end(`worker ${request.url}`));
  const { rest, url } = bed;
  rest.mount({ base, meta, worker: socketPath() });
  assert.deepEqual(await get(`${url}${base}/api/ping?a=%2F`), [
    200,
    `worker ${base}/api/ping?a=%2F`,
  ]);
  assert.equal((await get(`${url}/api/ping`))[0], 404);
  assert.equal((await get(`${url}/agents/a-12/api`))[0], 404);
  const [status, body] = await get(`${url}/meta`);
  assert.deepEqual([status, (body as { base_path: string }).base_path], [200, base]);
  rest.mount({ base: "", meta, worker: socketPath() });
  assert.deepEqual(await get(`${url}/api`), [200, "worker /api"]);
  // The runtime's own routes come first.
  assert.equal((await get(`${url}/health`))[0], 503);
});

Deno.test("openRest() passes methods, headers and bodies on, and answers as they come", async () => {
  const seen: Record<string, unknown>[] = [];
  const first = Promise.withResolvers<void>();
  await using bed = await restBed((request, response) => {
    let bytes = 0;
    request.on("data", (piece) => bytes += piece.length);
    request.on("end", async () => {
      const { method, headers } = request;
      seen.push({ method, bytes, ...headers });
      response.setHeader("x-many", ["a", "b"]);
      response.setHeader("connection", "x-gone");
      response.setHeader("x-gone", "1");
      response.writeHead(201);
      response.write("one ");
      await first.promise;
      response.end("two");
    });
  });
  bed.rest.mount({ base, meta, worker: socketPath() });
  const body = new Uint8Array(3_000_000);
  const response = await fetch(`${bed.url}${base}/up`, {
    method: "PUT",
    body,
    headers: { "x-forwarded-for": "10.0.0.1", "x-own": "1" },
  });
  assert.equal(response.status, 201);
  assert.equal(response.headers.get("x-many"), "a, b");
  assert.equal(response.headers.get("x-gone"), null);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  assert.equal((await reader.read()).value, "one ");
  first.resolve();
  assert.equal((await reader.read()).value, "two");
  await reader.cancel();
  const [{ method, bytes, ...headers }] = seen as [Record<string, string>];
  assert.deepEqual([method, bytes, headers["x-own"]], ["PUT", 3_000_000, "1"]);
  assert.equal(headers["x-forwarded-for"], "10.0.0.1, 127.0.0.1");
});

Deno.test("openRest() passes one X-Forwarded-Proto, which two servers cannot read differently", async () => {
  await using bed = await restBed((request, response) => {
    const lines = request.rawHeaders.map((text) => text.toLowerCase());
    const found = lines.flatMap((name, at) =>
      name === "x-forwarded-proto" && at % 2 === 0 ? [lines[at + 1]] : []
    );
    response.end(JSON.stringify(found));
  });
  bed.rest.mount({ base, meta, worker: socketPath() });
  const seen = async (...protos: string[]) => {
    const headers = protos.map((proto) => ["x-forwarded-proto", proto] as [string, string]);
    return await (await fetch(`${bed.url}${base}/x`, { headers })).json();
  };
  assert.deepEqual(await seen(), ["http"]);
  assert.deepEqual(await seen("https"), ["https"]);
  assert.deepEqual(await seen("http", "https"), ["http"]);
  assert.deepEqual(await seen("javascript"), ["http"]);
});

Deno.test("openRest() answers 502 when the worker is gone, and cuts an answer that it left half", async () => {
  await using bed = await restBed((request, response) => {
    if (request.url?.endsWith("/half")) response.write("half", () => response.destroy());
    else response.destroy();
  });
  bed.rest.mount({ base, meta, worker: socketPath() });
  assert.deepEqual(await get(`${bed.url}${base}/x`), [502, { error: "the agent does not answer" }]);
  await assert.rejects(get(`${bed.url}${base}/half`));
});

Deno.test("openRest() tells the worker when a client has gone", async () => {
  const gone = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  await using bed = await restBed((request, _response) => {
    request.on("close", () => gone.resolve());
    begun.resolve();
  });
  bed.rest.mount({ base, meta, worker: socketPath() });
  const client = new AbortController();
  const asking = get(`${bed.url}${base}/slow`, { signal: client.signal });
  await begun.promise;
  client.abort();
  await assert.rejects(asking);
  await gone.promise;
});

Deno.test("openRest() passes nothing on that two servers could read differently", async () => {
  const seen: string[] = [];
  await using bed = await restBed((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    request.resume().on("end", () => response.end());
  });
  bed.rest.mount({ base, meta, worker: socketPath() });
  const hidden = `GET ${base}/hidden HTTP/1.1\r\nHost: a\r\n\r\n`;
  const send = (head: string, body: string) =>
    new Promise<string>((resolve, reject) => {
      let text = "";
      const client = connect(bed.rest.port, "127.0.0.1", () => {
        client.write(`POST ${base}/x HTTP/1.1\r\nHost: a\r\n${head}\r\n${body}`);
      });
      client.on("data", (piece) => {
        text += piece;
        client.end();
      });
      client.on("error", reject);
      client.on("close", () => resolve(text));
    });
  const cases: readonly (readonly [head: string, body: string])[] = [
    ["Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", `0\r\n\r\n${hidden}`],
    ["Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", `0\r\n\r\n${hidden}`],
    ["Transfer-Encoding: xchunked\r\nContent-Length: 3\r\n", `abc${hidden}`],
    ["Content-Length: 3\r\nContent-Length: 4\r\n", `abc${hidden}`],
    ["Content-Length: +3\r\n", `abc${hidden}`],
    ["Content-Length : 3\r\n", `abc${hidden}`],
    ["X: 1\n\tTransfer-Encoding: chunked\r\nContent-Length: 0\r\n", hidden],
  ];
  for (const [head, body] of cases) {
    seen.length = 0;
    assert.match(await send(head, body), /^HTTP\/1\.1 400 /, head);
    assert.deepEqual(seen, [], head);
  }
  // A body is a body, whatever stands in it.
  seen.length = 0;
  assert.match(await send(`Content-Length: ${hidden.length}\r\n`, hidden), /^HTTP\/1\.1 200 /);
  assert.deepEqual(seen, [`POST ${base}/x`]);
});

/** What comes back for bytes that are sent as they are, until the connection ends. */
function exchange(port: number, ...pieces: readonly string[]): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    let text = "";
    const client = connect(port, "127.0.0.1", () => {
      for (const piece of pieces) client.write(piece);
    });
    client.on("data", (piece) => text += piece);
    client.on("error", reject);
    client.on("close", () => resolve(text));
  });
}

Deno.test("openRest() passes a body as a body, whatever the method and however its end is told", async () => {
  const seen: string[] = [];
  await using bed = await restBed((request, response) => {
    let body = "";
    request.on("data", (piece) => body += piece);
    request.on("end", () => {
      seen.push(`${request.method} ${request.url} ${body}`);
      response.end();
    });
  });
  bed.rest.mount({ base, meta, worker: socketPath() });
  const hidden = `GET ${base}/hidden HTTP/1.1\r\nHost: a\r\n\r\n`;
  const chunked = `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`;
  const length = `Content-Length: ${hidden.length}\r\n`;
  for (const method of ["GET", "HEAD", "DELETE", "OPTIONS", "POST", "PATCH"]) {
    for (
      const [framing, body] of [
        ["Transfer-Encoding: chunked\r\nConnection: close\r\n", chunked],
        [`${length}Connection: close\r\n`, hidden],
        [`${length}Connection: close, content-length, host\r\n`, hidden],
      ] as const
    ) {
      seen.length = 0;
      const head = `${method} ${base}/x HTTP/1.1\r\nHost: a\r\n${framing}\r\n`;
      assert.match(await exchange(bed.rest.port, head, body), /^HTTP\/1\.1 200 /, head);
      // The next one goes by the same connection to the worker.
      await get(`${bed.url}${base}/next`);
      assert.deepEqual(seen, [`${method} ${base}/x ${hidden}`, `GET ${base}/next `], head);
    }
  }
});

Deno.test("openRest() makes no tunnel where the agent does not agree to one", async () => {
  const seen: string[] = [];
  await using bed = await restBed((request, response) => {
    seen.push(`${request.url}`);
    if (request.url?.endsWith("/gone")) return void response.destroy();
    if (request.url?.endsWith("/half")) {
      return void response.write("half", () => response.destroy());
    }
    response.end("no such protocol");
  });
  const { rest, board } = bed;
  rest.mount({ base, meta, worker: socketPath() });
  for (const face of ["rest", "a2a", "ui"] as const) board.set(face, "up");
  board.open = true;
  const head = `GET ${base}/who HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: nothing\r\n`;
  const hidden = `GET ${base}/hidden HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n`;
  const said = await exchange(rest.port, `${head}\r\n`, hidden);
  assert.match(said, /^HTTP\/1\.1 200 OK\r\n[^]*\r\nconnection: close\r\n\r\nno such protocol$/);
  assert.deepEqual(seen, [`${base}/who`]);
  const body = await exchange(rest.port, `${head}Content-Length: ${hidden.length}\r\n\r\n`, hidden);
  assert.match(body, /^HTTP\/1\.1 400 /);
  assert.deepEqual(seen, [`${base}/who`]);
  // One that ends before its answer, or in it.
  const ask = (path: string) => exchange(rest.port, `${head}\r\n`.replace("/who", path));
  assert.match(await ask("/gone"), /^HTTP\/1\.1 502 Bad Gateway\r\n[^]*\r\n\r\n$/);
  assert.match(await ask("/half"), /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n(?:half)?$/);
});

Deno.test("openRest() makes a tunnel of a request that asks for another protocol", async () => {
  await using bed = await restBed();
  bed.worker.on("upgrade", (request, socket) => {
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n`,
    );
    socket.write(`${request.headers["x-forwarded-for"]} `);
    socket.write(`${request.headers["sec-websocket-protocol"]} `);
    socket.on("data", (piece: Uint8Array) => socket.write(piece));
    socket.on("end", () => socket.end());
  });
  const { rest, board } = bed;
  rest.mount({ base, meta, worker: socketPath() });
  const ask = () =>
    new Promise<string>((resolve, reject) => {
      let text = "";
      const client = connect(rest.port, "127.0.0.1", () =>
        client.write(
          `GET ${base}/ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n` +
            `X-Forwarded-For: 10.0.0.1\r\nSec-WebSocket-Protocol: p1\r\n\r\n`,
        ));
      client.on("data", (piece) => {
        text += piece;
        if (text.endsWith("p1 ")) client.write("ping");
        if (text.endsWith("ping")) client.end();
      });
      client.on("error", reject);
      client.on("close", () => resolve(text));
    });
  assert.match(await ask(), /^HTTP\/1\.1 503 /);
  for (const face of ["rest", "a2a", "ui"] as const) board.set(face, "up");
  board.open = true;
  assert.match(await ask(), /^HTTP\/1\.1 101 [^]*\r\n\r\n10\.0\.0\.1, 127\.0\.0\.1 p1 ping$/);
});

Deno.test("openRest() refuses a port that is taken, and never takes another", async () => {
  await using bed = await restBed();
  const again = openRest({
    hostname: "127.0.0.1",
    port: bed.rest.port,
    board: makeHealthBoard(),
    now: () => new Date(),
  });
  await assert.rejects(again, (error) => {
    return error instanceof FailedError && /port \d+ is taken/.test(error.message);
  });
});

Deno.test("drain() lets what was accepted end, accepts no more, and cuts what is late", async () => {
  const waiting: (() => void)[] = [];
  const arrived = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  await using bed = await restBed((_request, response) => {
    waiting.push(() => response.end("whole"));
    arrived[waiting.length - 1]!.resolve();
  });
  const { rest, url } = bed;
  rest.mount({ base, meta, worker: socketPath() });
  const kept = get(`${url}${base}/kept`);
  await arrived[0]!.promise;
  const late = assert.rejects(get(`${url}${base}/late`));
  await arrived[1]!.promise;
  const cut = Promise.withResolvers<void>();
  const draining = rest.drain(1, (ms, signal) => {
    return ms === 1 ? cut.promise : systemClock.sleep(ms, signal);
  });
  await assert.rejects(fetch(`${url}/health`));
  waiting[0]!();
  assert.deepEqual(await kept, [200, "whole"]);
  cut.resolve();
  assert.equal(await draining, 1);
  await late;
});
