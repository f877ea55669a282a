// flags: --allow-net=127.0.0.1 --allow-run=<deno>
import assert from "node:assert/strict";

Deno.test("getJson() asks the host that was granted, whatever HTTP_PROXY says", async () => {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
    return Response.json({ status: "ok" });
  });
  const { port } = server.addr;
  const module = JSON.stringify(new URL("get_json.ts", import.meta.url).href);
  const source = `
    import { getJson } from ${module};
    const { signal } = new AbortController();
    const answer = await getJson("http://127.0.0.1:${port}/", { signal, timeout_ms: 2000 });
    console.log(JSON.stringify(answer));
  `;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "--no-check", `--allow-net=127.0.0.1:${port}`, "-"],
    env: { HTTP_PROXY: "http://127.0.0.1:1", http_proxy: "http://127.0.0.1:1", NO_PROXY: "" },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const input = child.stdin.getWriter();
  await input.write(new TextEncoder().encode(source));
  await input.close();
  const { stdout } = await child.output();
  await server.shutdown();
  assert.deepEqual(JSON.parse(new TextDecoder().decode(stdout)), {
    kind: "json",
    status: 200,
    body: { status: "ok" },
  });
});
