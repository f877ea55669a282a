import assert from "node:assert/strict";
import { fixture, load, python, sockets, startAgent, startWorker } from "./bed.ts";

/** One call of `sample.Echo` by grpcio. */
async function say(text: string): Promise<string> {
  const client = `
import grpc, sys
with grpc.insecure_channel(sys.argv[1]) as channel:
    print(channel.unary_unary("/sample.Echo/Say")(sys.argv[2].encode(), timeout=5).decode())
`;
  const { stdout, stderr } = await new Deno.Command(python, {
    args: ["-c", client, `unix:${sockets.grpc}`, text],
    clearEnv: true,
    stdin: "null",
  }).output();
  return new TextDecoder().decode(stdout) || new TextDecoder().decode(stderr);
}

const own = fixture("own_grpc");
const onAsyncio = { ...own, manifest: { a2a: { service: "aio_server:create_grpc_server" } } };

for (const [kind, agent] of [["with threads", own], ["on asyncio", onAsyncio]] as const) {
  Deno.test(`a gRPC server of the agent's own is served on our socket: ${kind}`, async () => {
    await using bed = await startAgent(agent);
    assert.deepEqual(bed.loaded.a2a, { kind: "server" });
    assert.equal(await say("hello"), "said hello\n");
    await bed.link.stop(5000);
    assert.equal((await bed.ended).code, 0);
  });
}

Deno.test("a gRPC server that its factory has started already is a fault", async () => {
  await using bed = await startWorker();
  const outcome = await load(bed, {
    files: {
      "s.py": `
from concurrent.futures import ThreadPoolExecutor
import grpc
def create():
    server = grpc.server(ThreadPoolExecutor(1))
    server.start()
    return server
`,
    },
    manifest: { a2a: { service: "s:create" } },
  });
  assert.equal(outcome.type, "failed");
  assert.match(JSON.stringify(outcome), /"part":"a2a","error":"\w+: .*started/i);
});
