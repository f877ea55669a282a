// flags: --allow-read=<tmp> --allow-write=<tmp> --allow-net=127.0.0.1,unix:<tmp>/face.sock
//        --ignore-env=<what grpc-js reads>
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { connect, type IncomingHttpHeaders } from "node:http2";
import { type Client, credentials, makeClientConstructor, type ServiceError } from "@grpc/grpc-js";
import { FailedError } from "../../engine/errors.ts";
import { systemClock } from "../../engine/execute/system_clock.ts";
import { openA2a, type OpenFace } from "./a2a_face.ts";
import { type LoadedService, loadProtos } from "./grpc/load_protos.ts";
import { type HealthBoard, makeHealthBoard } from "./health_board.ts";
import type { Invocation, InvocationResult } from "./invoker.ts";

// deno-lint-ignore no-explicit-any
type Any = any;

interface Bed extends AsyncDisposable {
  readonly board: HealthBoard;
  readonly face: OpenFace;
  client(service: LoadedService): Client & Any;
}

async function bed(
  invoke: (call: Invocation) => Promise<InvocationResult>,
): Promise<Bed> {
  const board = makeHealthBoard();
  const face = await openA2a({
    hostname: "127.0.0.1",
    port: 0,
    board,
    invoker: { methods: () => ["greet", "wait"], invoke },
    metadata: { name: "hello" },
    now: () => new Date(1000),
  });
  const clients: Client[] = [];
  return {
    board,
    face,
    client({ definition, name }) {
      const Service = makeClientConstructor(definition, name);
      const client = new Service(`127.0.0.1:${face.port}`, credentials.createInsecure());
      clients.push(client);
      return client;
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.close();
      await face.drain(0, systemClock.sleep);
    },
  };
}

function call(client: Any, method: string, request: unknown = {}): Promise<Any> {
  return new Promise((resolve, reject) =>
    client[method](request, (error: ServiceError | null, answer: unknown) => {
      if (error === null) resolve(answer);
      else reject(error);
    })
  );
}

const done = (result: string): InvocationResult => {
  return { success: true, result, error: "", duration_ms: 3 };
};

Deno.test("openA2a() serves the agent's actions", async () => {
  const { agent } = await loadProtos();
  await using at = await bed(({ action, parameters }) =>
    Promise.resolve(done(`${action} ${parameters.who}`))
  );
  const client = at.client(agent);
  assert.deepEqual(await call(client, "Ping"), { message: "pong", timestamp: 1000 });
  assert.deepEqual(await call(client, "Health"), {
    ok: false,
    message: "not ready",
    timestamp: 1000,
  });
  assert.deepEqual(await call(client, "DescribeCapabilities"), {
    methods: ["greet", "wait"],
    metadata: { name: "hello" },
  });
  const request = { action: "greet", parameters: { who: "you" }, request_id: "r-1" };
  assert.deepEqual(await call(client, "Invoke", request), {
    success: true,
    result: "greet you",
    error: "",
    request_id: "r-1",
    duration_ms: 3,
  });
});

Deno.test("openA2a() refuses what there is not, and says when the agent is gone", async () => {
  const { agent } = await loadProtos();
  await using at = await bed(() => Promise.reject(new FailedError("the worker is gone")));
  const client = at.client(agent);
  await assert.rejects(call(client, "Invoke", { action: "no" }), { code: 12 });
  await assert.rejects(call(client, "Invoke", {}), { code: 3 });
  await assert.rejects(call(client, "Invoke", { action: "greet" }), {
    code: 14,
    details: "the worker is gone",
  });
});

Deno.test("openA2a() cancels the action of a caller that has gone", async () => {
  const { agent } = await loadProtos();
  const begun = Promise.withResolvers<AbortSignal>();
  await using at = await bed(({ signal }) => {
    begun.resolve(signal);
    return new Promise(() => {});
  });
  const client = at.client(agent);
  const asked = client.Invoke({ action: "wait" }, () => {});
  const signal = await begun.promise;
  const aborted = new Promise((resolve) => signal.addEventListener("abort", resolve));
  asked.cancel();
  await aborted;
});

Deno.test("openA2a() tells health by Check and Watch", async () => {
  const { agent, health } = await loadProtos();
  await using at = await bed(() => Promise.reject(new Error()));
  const client = at.client(health);
  assert.deepEqual(await call(client, "Check"), { status: "NOT_SERVING" });
  await assert.rejects(call(client, "Check", { service: "x" }), { code: 5 });
  const stream = client.Watch({ service: agent.name });
  const told: string[] = [];
  const twice = new Promise<void>((resolve) => {
    stream.on("data", ({ status }: { status: string }) => {
      told.push(status);
      if (told.length === 1) {
        for (const face of ["rest", "a2a", "ui"] as const) at.board.set(face, "up");
        at.board.open = true;
      } else if (told.length === 2) at.board.set("a2a", "down");
      else resolve();
    });
    stream.on("error", () => {});
  });
  await twice;
  assert.deepEqual(told, ["NOT_SERVING", "SERVING", "NOT_SERVING"]);
  stream.cancel();
});

Deno.test("openA2a() describes itself by both versions of reflection", async () => {
  const protos = await loadProtos();
  await using at = await bed(() => Promise.reject(new Error()));
  for (const service of protos.reflection) {
    const stream = at.client(service).ServerReflectionInfo();
    const answers: Any[] = [];
    const ended = new Promise<void>((resolve) => {
      stream.on("data", (answer: Any) => answers.push(answer));
      stream.on("end", resolve);
    });
    stream.write({ list_services: "" });
    stream.write({ file_containing_symbol: "pixell.agent.AgentService" });
    stream.write({ file_containing_symbol: "nobody.Knows" });
    stream.end();
    await ended;
    const [list, file, none] = answers;
    assert.deepEqual(
      list.list_services_response.service.map(({ name }: { name: string }) => name),
      [
        "pixell.agent.AgentService",
        "grpc.health.v1.Health",
        "grpc.reflection.v1.ServerReflection",
        "grpc.reflection.v1alpha.ServerReflection",
      ],
    );
    const [bytes] = file.file_descriptor_response.file_descriptor_proto;
    assert.deepEqual(new Uint8Array(bytes), new Uint8Array(protos.agent.file));
    // As protoc names the entries of maps: strict clients, such as grpcurl, take no other name.
    const text = new TextDecoder().decode(new Uint8Array(bytes));
    assert.deepEqual([...new Set(text.match(/\w+Entry/g))].sort(), [
      "MetadataEntry",
      "ParametersEntry",
    ]);
    assert.equal(none.error_response.error_code, 5);
  }
});

Deno.test("openA2a() drains beside a connection that has sent nothing", async () => {
  await using at = await bed(() => Promise.reject(new Error()));
  using silent = await Deno.connect({ hostname: "127.0.0.1", port: at.face.port });
  await at.face.drain(0, systemClock.sleep);
  await silent.closeWrite();
});

Deno.test("openA2a() refuses a port that is taken", async () => {
  await using at = await bed(() => Promise.reject(new Error()));
  const again = openA2a({
    hostname: "127.0.0.1",
    port: at.face.port,
    board: at.board,
    invoker: { methods: () => [], invoke: () => Promise.reject(new Error()) },
    metadata: {},
    now: () => new Date(),
  });
  await assert.rejects(again, /port \d+ is taken/);
});

Deno.test("drain() of the A2A face lets a call end", async () => {
  const { agent } = await loadProtos();
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<InvocationResult>();
  await using at = await bed(() => {
    begun.resolve();
    return end.promise;
  });
  const answer = call(at.client(agent), "Invoke", { action: "wait" });
  await begun.promise;
  const draining = at.face.drain(60_000, systemClock.sleep);
  end.resolve(done("whole"));
  assert.equal((await answer).result, "whole");
  await draining;
});

Deno.test("openA2a() keeps no more answers for one connection than it may, and those of others", async () => {
  let size = 15 * 2 ** 20;
  await using world = await bed(() => Promise.resolve(done("x".repeat(size))));
  const { agent } = await loadProtos();
  const method = agent.definition["Invoke"]!;
  const message = method.requestSerialize({ action: "greet", parameters: {}, request_id: "" });
  const head = new Uint8Array(5);
  new DataView(head.buffer).setUint32(1, message.length);
  const session = connect(`http://127.0.0.1:${world.face.port}`);
  /** Begins a call whose answer nobody reads; gives what is known of it before. */
  const begin = () =>
    new Promise<IncomingHttpHeaders>((resolve, reject) => {
      const headers = { ":method": "POST", ":path": method.path, te: "trailers" };
      const stream = session.request({ ...headers, "content-type": "application/grpc" });
      stream.on("response", resolve).on("error", reject);
      stream.end(Buffer.concat([head, message]));
    });
  const answers: (string | undefined)[] = [];
  for (let time = 0; time < 5; time++) answers.push((await begin())["grpc-status"]?.toString());
  assert.deepEqual(answers, [undefined, undefined, undefined, undefined, "8"]);
  // Another connection has room.
  size = 2 ** 20;
  const { result } = await call(world.client(agent), "Invoke", { action: "greet" });
  assert.equal(result.length, size);
  session.destroy();
});

Deno.test("openA2a() lets calls end when it drains, and waits for no connection without one", async () => {
  const called = Promise.withResolvers<void>();
  const result = Promise.withResolvers<InvocationResult>();
  await using world = await bed(() => {
    called.resolve();
    return result.promise;
  });
  using _silent = await Deno.connect({ hostname: "127.0.0.1", port: world.face.port });
  const { agent } = await loadProtos();
  const answer = call(world.client(agent), "Invoke", { action: "greet" });
  await called.promise;
  // Looks come at once, the deadline never; the call ends at the third.
  let looks = 0;
  await world.face.drain(30_000, async (ms) => {
    if (ms === 30_000) return await new Promise(() => {});
    await new Promise((resolve) => setTimeout(resolve));
    if (++looks === 3) result.resolve(done("late"));
  });
  assert.equal((await answer).result, "late");
  assert.ok(looks >= 3);
});
