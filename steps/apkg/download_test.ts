// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-net=127.0.0.1,localhost
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as v from "valibot";
import { FailedError, InvalidInputError, type SluiceError } from "../../engine/errors.ts";
import { testClock } from "../../engine/execute/test_clock.ts";
import { testContext } from "../release/test_bed.ts";
import { downloadPackage } from "./download.ts";
import { bodyOf, type Handler, httpsServer } from "./fetch/test_servers.ts";

const body = bodyOf(300_000);
const digest = createHash("sha256").update(body).digest("hex");

/** Downloads; waits are skipped, and counted. */
async function download(params: Record<string, unknown>, signal?: AbortSignal) {
  const to = `${await Deno.makeTempDir()}/package.apkg`;
  const context = testContext(signal === undefined ? {} : { signal });
  const waits: number[] = [];
  const clock = {
    ...testClock(),
    monotonic: () => waits.reduce((sum, one) => sum + one, 0),
    sleep: (ms: number) => Promise.resolve(void waits.push(ms)),
  };
  const ctx = { ...context, clock };
  const given = v.parse(downloadPackage.params, { to, ...params });
  const result = downloadPackage.run(given, ctx);
  return {
    to,
    waits,
    notes: ctx.notes,
    result,
    failure: () => result.then(() => assert.fail("it did not fail"), (error: SluiceError) => error),
  };
}

const sends: Handler = (_, response) => response.end(body);

Deno.test("apkg.download fetches a package over HTTPS, and checks its hash in either case", async () => {
  await using server = await httpsServer(sends);
  const url = `${server.url}/a.apkg`;
  const { result, to } = await download({ url, sha256: digest.toUpperCase() });
  assert.deepEqual(await result, {
    path: to,
    bytes: body.length,
    sha256: digest,
    source: "https",
    attempts: 1,
  });
  assert.deepEqual(await Deno.readFile(to), body);
  const bad = await download({ url, sha256: "0".repeat(64) });
  const error = await bad.failure();
  assert.ok(error instanceof InvalidInputError);
  assert.equal(server.requests.length, 2);
  await assert.rejects(Deno.lstat(bad.to));
  await assert.rejects(Deno.lstat(`${bad.to}.part`));
});

Deno.test("apkg.download takes a file of this machine", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeFile(path, body);
  const { result } = await download({ path });
  assert.deepEqual([(await result).source, (await result).sha256], ["file", digest]);
});

Deno.test("apkg.download tries again what is transient, with growing delays", async () => {
  await using server = await httpsServer((_, response, count) => {
    if (count === 1) return void response.socket?.destroy();
    if (count === 2) return void response.writeHead(503).end();
    if (count === 3) return void response.writeHead(429, { "retry-after": "2" }).end();
    response.end(body);
  });
  const { result, waits, notes } = await download({ url: `${server.url}/a?X-Amz-Signature=0f1e` });
  assert.equal((await result).attempts, 4);
  assert.deepEqual(waits, [125, 250, 2000]);
  assert.equal(notes.length, 3);
  assert.doesNotMatch(notes.join(), /0f1e/);
});

Deno.test("apkg.download goes on where it stopped, if it is still the same", async () => {
  await using server = await httpsServer((request, response, count) => {
    const headers = { etag: '"v1"', "accept-ranges": "bytes" };
    if (count === 1) {
      response.writeHead(200, { ...headers, "content-length": body.length });
      response.write(body.subarray(0, 100_000), () => response.socket?.destroy());
      return;
    }
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1]);
    response.writeHead(206, {
      ...headers,
      "content-range": `bytes ${from}-${body.length - 1}/${body.length}`,
    });
    response.end(body.subarray(from));
  });
  const { result } = await download({ url: `${server.url}/a` });
  assert.deepEqual([(await result).sha256, (await result).attempts], [digest, 2]);
  const [, second] = server.requests;
  assert.match(second!.headers.range!, /^bytes=[1-9]\d*-$/);
  assert.equal(second!.headers["if-range"], '"v1"');
});

Deno.test("apkg.download begins anew where the server sends another part, or another version", async () => {
  await using server = await httpsServer((_, response, count) => {
    if (count === 1) {
      response.writeHead(200, { etag: '"v1"', "content-length": body.length });
      response.write(body.subarray(0, 100_000), () => response.socket?.destroy());
    } else if (count === 2) {
      response.writeHead(206, { "content-range": `bytes 5-9/${body.length}` }).end("wrong");
    } else response.end(body);
  });
  const { result } = await download({ url: `${server.url}/a` });
  assert.deepEqual([(await result).sha256, (await result).attempts], [digest, 3]);
});

Deno.test("apkg.download appends no part of another version, whatever the server calls it", async () => {
  const other = body.toReversed();
  await using server = await httpsServer((request, response, count) => {
    if (count === 1) {
      response.writeHead(200, { etag: '"v1"', "content-length": body.length });
      response.write(body.subarray(0, 100_000), () => response.socket?.destroy());
      return;
    }
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const range = { "content-range": `bytes ${from}-${other.length - 1}/${other.length}` };
    response.writeHead(from === 0 ? 200 : 206, { etag: '"v2"', ...(from === 0 ? {} : range) });
    response.end(other.subarray(from));
  });
  const { to, result } = await download({ url: `${server.url}/a` });
  assert.equal((await result).attempts, 3);
  assert.deepEqual(await Deno.readFile(to), other);
});

Deno.test("apkg.download never takes more than it may, whatever was announced", async () => {
  const limits = { max_size: 100_000 };
  await using announced = await httpsServer((_, response) => {
    response.writeHead(200, { "content-length": body.length });
    response.write("x");
  });
  const first = await (await download({ url: `${announced.url}/a`, ...limits })).failure();
  assert.match(first.message, /larger than 100000 bytes/);
  await using endless = await httpsServer((_, response) => {
    const send = () => {
      while (response.write(body));
      response.once("drain", send);
    };
    send();
  });
  const second = await (await download({ url: `${endless.url}/a`, ...limits })).failure();
  assert.ok(second instanceof InvalidInputError);
  assert.equal(endless.requests.length, 1);
});

Deno.test("apkg.download never tries a 404 again, a 403 once, and tells all attempts", async () => {
  for (const [status, requests] of [[404, 1], [410, 1], [403, 2], [500, 3]] as const) {
    await using server = await httpsServer((_, response) => response.writeHead(status).end());
    const { failure } = await download({ url: `${server.url}/a?token=s3cret`, attempts: 3 });
    const error = await failure();
    assert.ok(error instanceof FailedError);
    assert.equal(server.requests.length, requests, `${status}`);
    assert.match(error.message, new RegExp(`status ${status}`));
    let causes = 0;
    for (let cause = error.cause; cause instanceof Error; cause = cause.cause) causes++;
    assert.equal(causes, requests - 1);
    assert.doesNotMatch(Deno.inspect(error), /s3cret/);
  }
});

Deno.test("apkg.download follows redirects to https and to named hosts only, and counts them", async () => {
  const to = (location: string): Handler => (_, response) =>
    response.writeHead(302, { location }).end();
  await using target = await httpsServer(sends);
  await using other = await httpsServer(to(`${target.url}/b?sig=1`));
  const named = { hosts: [`127.0.0.1:${target.port}`] };
  assert.equal((await (await download({ url: `${other.url}/a`, ...named })).result).sha256, digest);
  const refused = async (location: string, message: RegExp, requests = 1) => {
    await using server = await httpsServer(to(location));
    const { failure } = await download({ url: `${server.url}/a`, ...named });
    assert.match((await failure()).message, message);
    assert.equal(server.requests.length, requests);
  };
  await refused(`http://127.0.0.1:${target.port}/b`, /redirects to http/);
  await refused("https://elsewhere.example/b", /redirects to elsewhere.example, which/);
  await refused("https://u:p@127.0.0.1/b", /redirects to a URL with credentials/);
  await refused("file:///etc/passwd", /redirects to file/);
  await refused("/a", /more than 5 redirects/, 6);
});

Deno.test("apkg.download trusts no server whose certificate fits another name", async () => {
  // The certificate is for 127.0.0.1.
  await using server = await httpsServer(sends, "127.0.0.2");
  const { failure, waits } = await download({ url: `${server.url}/a` });
  assert.match((await failure()).message, /certificate/);
  assert.deepEqual([waits, server.requests], [[], []]);
});

Deno.test("apkg.download is ended by its signal, and leaves nothing", async () => {
  const begun = Promise.withResolvers<void>();
  await using server = await httpsServer((_, response) => {
    response.write(body.subarray(0, 1000), () => begun.resolve());
  });
  const abort = new AbortController();
  const running = await download({ url: `${server.url}/a` }, abort.signal);
  await begun.promise;
  abort.abort(new FailedError("told to end"));
  await running.failure();
  await assert.rejects(Deno.lstat(`${running.to}.part`));
});

Deno.test("apkg.download reaches exactly the hosts that it names, and reads keys for S3 only", () => {
  const of = (params: Record<string, unknown>) => {
    const given = v.parse(downloadPackage.params, { to: "/w/p", ...params });
    const { connect, env } = downloadPackage.permissions(given).run;
    return [connect, env];
  };
  const keys = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
  assert.deepEqual(of({ url: "https://h.example/x?y", hosts: ["cdn.example"] }), [
    ["h.example:443", "cdn.example:443"],
    [],
  ]);
  assert.deepEqual(of({ url: "s3://agents/a" }), [["agents.s3.us-east-2.amazonaws.com:443"], keys]);
  assert.deepEqual(of({ url: "s3://agents/a", container_relative: "/v2/x" }), [
    ["agents.s3.us-east-2.amazonaws.com:443", "169.254.170.2:80"],
    [...keys, "AWS_CONTAINER_AUTHORIZATION_TOKEN"],
  ]);
  assert.deepEqual(of({ path: "/p" }), [[], []]);
});
