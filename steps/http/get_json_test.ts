// flags: --allow-net=127.0.0.1 --allow-run=<deno> --allow-read=<project>
import assert from "node:assert/strict";

const tls = new URL("../../tests/fixtures/tls/", import.meta.url);

interface Asking {
  readonly url: string;
  /** What the process is granted. */
  readonly net: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Variables that it may read. */
  readonly reads?: readonly string[];
}

/** What a process with exactly this grant gets for an answer. */
async function ask({ url, net, env = {}, reads = [] }: Asking): Promise<unknown> {
  const module = JSON.stringify(new URL("get_json.ts", import.meta.url).href);
  const source = `
    import { getJson } from ${module};
    const { signal } = new AbortController();
    const asked = getJson(${JSON.stringify(url)}, { signal, timeout_ms: 2000 });
    console.log(JSON.stringify(await asked.catch(({ name, message }) => name + ": " + message)));
  `;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-q", "--no-prompt", "--no-check", `--allow-net=${net}`],
      ...(reads.length === 0 ? [] : [`--allow-env=${reads.join(",")}`]),
      "-",
    ],
    env: { NO_COLOR: "1", ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const input = child.stdin.getWriter();
  await input.write(new TextEncoder().encode(source));
  await input.close();
  const { stdout } = await child.output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
const good = { kind: "json", status: 200, body: { status: "ok" } };

Deno.test("getJson() asks the host that was granted, whatever HTTP_PROXY says", async () => {
  await using server = Deno.serve(options, () => Response.json({ status: "ok" }));
  const net = `127.0.0.1:${server.addr.port}`;
  const proxy = "http://127.0.0.1:1";
  const env = { HTTP_PROXY: proxy, http_proxy: proxy, NO_PROXY: "" };
  assert.deepEqual(await ask({ url: `http://${net}/`, net, env }), good);
  const node = { ...env, NODE_USE_ENV_PROXY: "1" };
  const reads = Object.keys(node);
  assert.deepEqual(await ask({ url: `http://${net}/`, net, env: node, reads }), good);
});

Deno.test("getJson() tells in the same words what becomes of a connection, with TLS and without", async () => {
  const rude = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const hangUp = (async () => {
    for await (const connection of rude) connection.close();
  })();
  const net = `127.0.0.1:${(rude.addr as Deno.NetAddr).port}`;
  for (const scheme of ["http", "https"]) {
    assert.deepEqual(await ask({ url: `${scheme}://${net}/`, net }), {
      kind: "nothing",
      why: "connection closed without an answer",
    });
    const unknown = { url: `${scheme}://nowhere.invalid/`, net: "nowhere.invalid" };
    assert.deepEqual(await ask(unknown), {
      kind: "nothing",
      why: "the host's name was not found",
    });
  }
  rude.close();
  await hangUp;
});

Deno.test("getJson() asks by TLS with the grant of the host and no other, proxies or not", async () => {
  const [cert, key] = await Promise.all(
    ["server.pem", "server.key"].map((name) => Deno.readTextFile(new URL(name, tls))),
  );
  const paths: string[] = [];
  await using server = Deno.serve({ ...options, cert: cert!, key: key! }, (request) => {
    const { pathname, search } = new URL(request.url);
    paths.push(`${pathname}${search} ${request.headers.get("host")}`);
    if (pathname === "/moved") return Response.redirect("https://127.0.0.1:1/");
    return Response.json({ status: "ok" });
  });
  const net = `127.0.0.1:${server.addr.port}`;
  const proxy = "http://127.0.0.1:1";
  const env = { DENO_CERT: new URL("ca.pem", tls).pathname, HTTPS_PROXY: proxy };
  assert.deepEqual(await ask({ url: `https://${net}/health?deep=1`, net, env }), good);
  const moved = await ask({ url: `https://${net}/moved`, net, env }) as { readonly status: number };
  assert.equal(moved.status, 302);
  assert.deepEqual(paths, [`/health?deep=1 ${net}`, `/moved ${net}`]);
  assert.match(
    String(await ask({ url: `https://${net}/`, net: "127.0.0.1:1", env })),
    /^NotCapable: Requires net access to "127\.0\.0\.1:\d+"/,
  );
  const stranger = await ask({ url: `https://${net}/`, net }) as { readonly why: string };
  assert.match(stranger.why, /certificate/);
});

Deno.test("getJson() gives up a host that never shakes hands, and tells one that refuses", async () => {
  const silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const net = `127.0.0.1:${(silent.addr as Deno.NetAddr).port}`;
  const url = `https://${net}/`;
  const late = await ask({ url, net });
  silent.close();
  assert.deepEqual(late, { kind: "nothing", why: "no answer within 2000 ms" });
  assert.deepEqual(await ask({ url, net }), { kind: "nothing", why: "connection refused" });
});
