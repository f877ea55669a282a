// flags: --allow-read=<project>,<tmp> --allow-write=<tmp> --allow-net=127.0.0.1 --allow-run=<deno>
/**
 * What variables do to a Deno beside its flags. `runtime/launch/child_environment.ts` passes on a short
 * list, and neither of the first two; a unit and a start script clear their environment. `start_foreign.ts`
 * sets the third.
 *
 * @module
 */
import assert from "node:assert/strict";
import { folder, probe, run, script } from "./probe.ts";

Deno.test("a permission broker answers in place of the flags, and is not told which program is meant", async () => {
  const dir = await folder();
  await Deno.writeTextFile(`${dir}/a`, "a");
  const socket = `${dir}/broker`;
  const broker = await script(
    `const asked = [];
     const listener = Deno.listen({ transport: "unix", path: socket });
     console.log("listening");
     const connection = await listener.accept();
     const lines = connection.readable.pipeThrough(new TextDecoderStream());
     const writer = connection.writable.getWriter();
     let held = "";
     try {
       for await (const piece of lines) {
         held += piece;
         for (let end = held.indexOf("\\n"); end >= 0; end = held.indexOf("\\n")) {
           const request = JSON.parse(held.slice(0, end));
           held = held.slice(end + 1);
           asked.push([request.permission, request.value]);
           const answer = JSON.stringify({ id: request.id, result: "allow" });
           await writer.write(new TextEncoder().encode(answer + "\\n"));
         }
       }
     } catch {}
     return asked;`,
    { socket },
  );
  const server = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt", "--no-check"],
      ...[
        `--allow-read=${socket}`,
        `--allow-write=${socket}`,
        `--allow-net=unix:${socket}`,
        broker,
      ],
    ],
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const said = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("listening")) text += (await said.read()).value;
  const path = await script(
    `Deno.permissions.revokeSync({ name: "read" });
     return [await read(dir + "/a"), await start("/usr/bin/true")];`,
    { dir },
  );
  const { stdout, stderr } = await run(path, { env: { DENO_PERMISSION_BROKER_PATH: socket } });
  assert.match(stdout, /^result \["works","works"\]$/m, stderr);
  for (let part = await said.read(); !part.done; part = await said.read()) text += part.value;
  await server.status;
  const asked = JSON.parse(/^result (.*)$/m.exec(text)![1]!) as [string, unknown][];
  assert.ok(asked.some(([permission, value]) => permission === "read" && value === `${dir}/a`));
  assert.deepEqual(asked.filter(([permission]) => permission === "run"), [["run", null]]);
});

Deno.test("the exporter of OpenTelemetry reaches its endpoint without a net grant", async () => {
  const reached = Promise.withResolvers<string>();
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    reached.resolve(new URL(request.url).pathname);
    return new Response();
  });
  await probe(`console.error("a line"); return 0;`, {
    env: {
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${server.addr.port}`,
    },
  });
  assert.match(await reached.promise, /^\/v1\//);
});

Deno.test("a Deno whose folder cannot be made keeps nothing", async () => {
  const dir = await folder();
  const none = "/proc/self/none";
  const keeps = `return [
    await tries(() => localStorage.setItem("a", "b")),
    await tries(async () => await (await caches.open("a")).put("http://a.invalid/", new Response("b"))),
  ];`;
  assert.deepEqual(await probe(keeps, { env: { DENO_DIR: dir } }), ["works", "works"]);
  assert.deepEqual(await probe(keeps, { env: { DENO_DIR: none } }), ["NotFound", "Error"]);
});
