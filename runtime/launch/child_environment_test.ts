// flags: --allow-read --allow-env
import assert from "node:assert/strict";
import { childEnvironment } from "./child_environment.ts";
import { denoCache } from "./deno_folders.ts";

/** Runs something with exactly these of Deno's variables. */
function withVariables(given: Record<string, string>, run: () => void): void {
  const names = ["HOME", "DENO_DIR", "XDG_CACHE_HOME", "SSL_CERT_FILE"];
  const before = names.map((name) => [name, Deno.env.get(name)] as const);
  try {
    for (const name of names) Deno.env.delete(name);
    for (const [name, value] of Object.entries(given)) Deno.env.set(name, value);
    run();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
}

Deno.test("childEnvironment() makes a relative path absolute, as a child starts in another folder", () => {
  withVariables({ HOME: "me", SSL_CERT_FILE: "../ca.pem", DENO_DIR: "" }, () => {
    const cwd = Deno.cwd();
    const { HOME, SSL_CERT_FILE, DENO_DIR } = childEnvironment();
    assert.equal(HOME, `${cwd}/me`);
    assert.equal(SSL_CERT_FILE, `${cwd.slice(0, cwd.lastIndexOf("/"))}/ca.pem`);
    assert.equal(DENO_DIR, "");
  });
  withVariables({ HOME: "/home/me" }, () => assert.equal(childEnvironment().HOME, "/home/me"));
});

Deno.test("denoCache() is where Deno itself puts it", () => {
  const cwd = Deno.cwd();
  const cases: readonly [Record<string, string>, string | undefined][] = [
    [{}, undefined],
    [{ HOME: "" }, undefined],
    [{ HOME: "/home/me" }, "/home/me/.cache/deno"],
    [{ HOME: "me" }, `${cwd}/me/.cache/deno`],
    [{ HOME: "/home/me", XDG_CACHE_HOME: "caches" }, `${cwd}/caches/deno`],
    [{ HOME: "/home/me", XDG_CACHE_HOME: "/var/cache", DENO_DIR: "d" }, `${cwd}/d`],
  ];
  for (const [given, cache] of cases) {
    withVariables(given, () => assert.equal(denoCache(), cache));
  }
});
