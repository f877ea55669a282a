// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-net=127.0.0.1
//        --allow-env=AWS_ACCESS_KEY_ID,AWS_SECRET_ACCESS_KEY,AWS_SESSION_TOKEN --ignore-env
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import S3rver from "s3rver";
import * as v from "valibot";
import { FailedError, type SluiceError } from "../../engine/errors.ts";
import { systemClock } from "../../engine/execute/system_clock.ts";
import { testContext } from "../release/test_bed.ts";
import { downloadPackage } from "./download.ts";
import { isSigned } from "./fetch/check_signature.ts";
import { bodyOf } from "./fetch/test_servers.ts";

const body = bodyOf(200_000);
const digest = createHash("sha256").update(body).digest("hex");
const local = { hostname: "127.0.0.1", port: 0 };
const key = { AWS_ACCESS_KEY_ID: "S3RVER", AWS_SECRET_ACCESS_KEY: "S3RVER" };

interface World extends AsyncDisposable {
  /** Of the server, or of what stands before it. */
  readonly endpoint: string;
}

/** A server of S3 that is not ours, with one object. */
async function s3(): Promise<World> {
  const directory = await Deno.makeTempDir();
  // As it keeps objects: what would put one there is not what is tested.
  const object = `${directory}/agents/hello/1.0 a.apkg._S3rver_`;
  await Deno.mkdir(`${directory}/agents/hello`, { recursive: true });
  await Deno.writeFile(`${object}object`, body);
  await Deno.writeTextFile(`${object}metadata.json`, "{}");
  // deno-lint-ignore no-explicit-any
  const server = new (S3rver as any)({ address: "127.0.0.1", port: 0, silent: true, directory });
  const { port } = await server.run();
  // It believes every signature: what stands before it does not.
  const checking = Deno.serve({ ...local, onListen: () => {} }, (request) => {
    if (request.headers.has("authorization") && !isSigned(request, key.AWS_SECRET_ACCESS_KEY)) {
      return new Response("<Error><Code>SignatureDoesNotMatch</Code></Error>", { status: 403 });
    }
    const { pathname, search } = new URL(request.url);
    const headers = new Headers(request.headers);
    headers.delete("authorization");
    return fetch(`http://127.0.0.1:${port}${pathname}${search}`, { headers });
  });
  return {
    endpoint: `http://127.0.0.1:${checking.addr.port}`,
    async [Symbol.asyncDispose]() {
      await checking.shutdown();
      await server.close();
    },
  };
}

async function download(
  params: Record<string, unknown>,
  env: Readonly<Record<string, string>> = key,
) {
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]) {
    if (env[name] === undefined) Deno.env.delete(name);
    else Deno.env.set(name, env[name]);
  }
  const to = `${await Deno.makeTempDir()}/package.apkg`;
  const secrets = Object.fromEntries(
    Object.entries(env).map(([name, value]) => [`env:${name}`, value]),
  );
  const context = testContext({ secrets });
  const ctx = { ...context, clock: { ...systemClock, sleep: () => Promise.resolve() } };
  const given = v.parse(downloadPackage.params, {
    to,
    url: "s3://agents/hello/1.0%20a.apkg",
    ...params,
  });
  return { to, notes: ctx.notes, masked: ctx.masked, result: downloadPackage.run(given, ctx) };
}

async function failure({ result }: { result: Promise<unknown> }): Promise<SluiceError> {
  return await result.then(() => assert.fail("it did not fail"), (error: SluiceError) => error);
}

Deno.test("apkg.download fetches an object of S3, signed with the key of the environment", async () => {
  await using world = await s3();
  const { result, to } = await download({ endpoint: world.endpoint, sha256: digest });
  assert.deepEqual(await result, {
    path: to,
    bytes: body.length,
    sha256: digest,
    source: "s3",
    attempts: 1,
  });
});

Deno.test("apkg.download asks S3 once more when it is refused, with credentials read anew", async () => {
  await using world = await s3();
  const wrong = { ...key, AWS_SECRET_ACCESS_KEY: "not-the-secret" };
  const bad = await download({ endpoint: world.endpoint }, wrong);
  const error = await failure(bad);
  assert.ok(error instanceof FailedError);
  assert.match(error.message, /after 2 attempts: GetObject s3:\/\/agents\/hello.*status 403/);
  assert.equal(bad.notes.length, 1);
  assert.doesNotMatch(Deno.inspect(error) + bad.notes.join(), /not-the-secret/);
});

Deno.test("apkg.download never asks S3 again for what is not there", async () => {
  await using world = await s3();
  const missing = await download({ endpoint: world.endpoint, url: "s3://agents/nothing" });
  assert.match((await failure(missing)).message, /NoSuchKey: status 404$/);
  assert.equal(missing.notes.length, 0);
});

Deno.test("apkg.download goes on with an object of S3 where it stopped, over what breaks", async () => {
  await using world = await s3();
  const ranges: (string | null)[] = [];
  // Signatures name the host: what stands between keeps it, and breaks the first answer.
  await using cutting = Deno.serve(
    { ...local, onListen: () => {} },
    async (request) => {
      ranges.push(request.headers.get("range"));
      const { pathname, search } = new URL(request.url);
      const answer = await fetch(`${world.endpoint}${pathname}${search}`, {
        headers: new Headers(
          [...request.headers].filter(([name]) =>
            name !== "authorization" && !name.startsWith("x-amz")
          ),
        ),
      });
      if (ranges.length > 1) {
        return answer;
      }
      const whole = new Uint8Array(await answer.arrayBuffer());
      const half = new ReadableStream({
        start(controller) {
          controller.enqueue(whole.subarray(0, 50_000));
          setTimeout(() => controller.error(new Error("cut")), 20);
        },
      });
      return new Response(half, {
        headers: { etag: answer.headers.get("etag")!, "x-cut": "1" },
      });
    },
  );
  const endpoint = `http://127.0.0.1:${cutting.addr.port}`;
  const { result } = await download({ endpoint });
  const { sha256, attempts } = await result;
  assert.deepEqual([sha256, attempts], [digest, 2]);
  assert.match(ranges[1] ?? "", /^bytes=[1-9]\d*-$/);
});

Deno.test("apkg.download takes a key from the container's agent where the environment names one", async () => {
  await using world = await s3();
  const asked: (string | null)[] = [];
  const agent = Deno.serve({ ...local, onListen: () => {} }, (request) => {
    asked.push(request.headers.get("authorization"));
    return Response.json({ AccessKeyId: "S3RVER", SecretAccessKey: "S3RVER" });
  });
  const container_full = `http://127.0.0.1:${agent.addr.port}/key`;
  const { result, masked } = await download({ endpoint: world.endpoint, container_full }, {});
  assert.equal((await result).sha256, digest);
  assert.deepEqual(masked, ["S3RVER", "S3RVER"]);
  assert.deepEqual(asked, [null]);
  await agent.shutdown();
});

Deno.test("apkg.download asks S3 unsigned where there is no key", async () => {
  await using world = await s3();
  const seen: (string | null)[] = [];
  await using between = Deno.serve(
    { ...local, onListen: () => {} },
    (request) => {
      seen.push(request.headers.get("authorization"));
      const { pathname } = new URL(request.url);
      return fetch(`${world.endpoint}${pathname}`);
    },
  );
  const { result } = await download({ endpoint: `http://127.0.0.1:${between.addr.port}` }, {});
  assert.equal((await result).sha256, digest);
  assert.deepEqual(seen, [null]);
});

/** A server that answers each request alike, and counts. */
function always(answer: () => Response) {
  const seen = { requests: 0 };
  const server = Deno.serve({ ...local, onListen: () => {} }, () => {
    seen.requests++;
    return answer();
  });
  return {
    seen,
    endpoint: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** A body without an end; `taken` has how many bytes were asked for. */
function endless(taken: { bytes: number }): ReadableStream<Uint8Array> {
  const piece = new TextEncoder().encode("<a>".repeat(5000));
  return new ReadableStream({
    pull(controller) {
      taken.bytes += piece.length;
      controller.enqueue(piece);
    },
  });
}

Deno.test("apkg.download reads no more of what S3 says is wrong than it needs", async () => {
  const taken = { bytes: 0 };
  const headers = { "content-type": "application/xml" };
  await using broken = always(() => new Response(endless(taken), { status: 500, headers }));
  const { message } = await failure(await download({ endpoint: broken.endpoint, attempts: 2 }));
  assert.match(message, /after 2 attempts: GetObject .*: status 500$/);
  assert.equal(broken.seen.requests, 2);
  assert.ok(taken.bytes < 20_000_000, `${taken.bytes} bytes were taken`);
});

Deno.test("apkg.download follows no redirect of S3", async () => {
  await using other = always(() => new Response(body.slice()));
  await using moved = always(() =>
    new Response(null, { status: 307, headers: { location: `${other.endpoint}/evil.apkg` } })
  );
  const { message, exit } = await failure(await download({ endpoint: moved.endpoint }));
  assert.match(message, /status 307: it lies elsewhere/);
  assert.equal(exit, 4);
  assert.equal(other.seen.requests, 0);
});

Deno.test("apkg.download believes no key that is too long, or that no header can hold", async () => {
  const taken = { bytes: 0 };
  const bad = { AccessKeyId: "A", SecretAccessKey: "B", Token: "hunter2\r\nx-evil: 1" };
  for (const answer of [() => new Response(endless(taken)), () => Response.json(bad)]) {
    await using agent = always(answer);
    await using bucket = always(() => new Response(body.slice()));
    const container_full = `${agent.endpoint}/key`;
    const given = { endpoint: bucket.endpoint, container_full, attempts: 1 };
    const { message } = await failure(await download(given, {}));
    assert.match(message, /the container's credentials: the answer is none$/);
    assert.equal(bucket.seen.requests, 0);
  }
  assert.ok(taken.bytes < 20_000_000, `${taken.bytes} bytes were taken`);
});
