// flags: --allow-read=<tmp> --allow-write=<tmp> --allow-run=ln
import assert from "node:assert/strict";
import { serveFile } from "./static_files.ts";

async function world(): Promise<string> {
  const top = await Deno.makeTempDir();
  await Deno.mkdir(`${top}/ui/sub`, { recursive: true });
  await Deno.mkdir(`${top}/ui/.well-known`);
  await Deno.writeTextFile(`${top}/ui/index.html`, "<p>hello");
  await Deno.writeTextFile(`${top}/ui/.env`, "SECRET=1");
  await Deno.writeTextFile(`${top}/ui/.well-known/a.json`, "{}");
  await Deno.writeTextFile(`${top}/ui/sub/a b.js`, "1");
  await Deno.writeTextFile(`${top}/secret.txt`, "secret");
  const link = (target: string, path: string) =>
    new Deno.Command("/usr/bin/ln", { args: ["-s", "--", target, path] }).output();
  await link("../secret.txt", `${top}/ui/link.txt`);
  await link("..", `${top}/ui/up`);
  return `${top}/ui`;
}

async function ask(root: string, path: string, init: RequestInit = {}) {
  const response = await serveFile(root, path, new Request(`http://a/ui${path}`, init));
  return { status: response.status, headers: response.headers, text: await response.text() };
}

Deno.test("serveFile() serves files with their type, index.html for a folder", async () => {
  const root = await world();
  const index = await ask(root, "/");
  assert.deepEqual([index.status, index.text], [200, "<p>hello"]);
  assert.equal(index.headers.get("content-type"), "text/html; charset=utf-8");
  assert.equal((await ask(root, "/sub/a%20b.js")).text, "1");
  assert.equal((await ask(root, "/.well-known/a.json")).status, 200);
  const bare = await ask(root, "");
  assert.deepEqual([bare.status, bare.headers.get("location")], [308, "/ui/"]);
});

Deno.test("serveFile() serves nothing outside of its folder, no link and no hidden file", async () => {
  const root = await world();
  const paths = [
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/sub/%2e%2e/%2e%2e/secret.txt",
    "/..\\secret.txt",
    "/link.txt",
    "/up/secret.txt",
    "/.env",
    "/%2eenv",
    "/index.html%00",
    "/index.html/",
    "/%",
    "/nothing",
    `/${"a".repeat(5000)}`,
  ];
  for (const path of paths) {
    const { status, text } = await serveFile(root, path, new Request("http://a/"))
      .then(async (response) => ({ status: response.status, text: await response.text() }));
    assert.deepEqual([path, status], [path, 404]);
    assert.doesNotMatch(text, /secret|SECRET/);
  }
});

Deno.test("serveFile() sends a folder's redirect to this host only", async () => {
  const root = await world();
  const response = await serveFile(root, "/sub", new Request("http://a//sub?x=1"));
  assert.equal(response.headers.get("location"), "/sub/?x=1");
});

Deno.test("serveFile() answers HEAD without a body, an ETag with 304, and nothing else than reads", async () => {
  const root = await world();
  const whole = await ask(root, "/index.html");
  const head = await ask(root, "/index.html", { method: "HEAD" });
  assert.deepEqual([head.status, head.text, head.headers.get("content-length")], [200, "", "8"]);
  const etag = whole.headers.get("etag")!;
  const same = await ask(root, "/index.html", { headers: { "if-none-match": etag } });
  assert.deepEqual([same.status, same.text], [304, ""]);
  const post = await ask(root, "/index.html", { method: "POST" });
  assert.deepEqual([post.status, post.headers.get("allow")], [405, "GET, HEAD"]);
});
