import assert from "node:assert/strict";
import * as v from "valibot";
import { InvalidInputError } from "../../engine/errors.ts";
import { parseHealthUrl } from "./health_url.ts";
import { permissionsOfProbe } from "./probe_permissions.ts";
import { parseVersionAt, versionAt } from "./version_at.ts";
import { parseVersionHeader } from "./version_header.ts";

Deno.test("parseVersionAt() reads its three forms", () => {
  assert.deepEqual(parseVersionAt("process"), { kind: "process" });
  assert.deepEqual(parseVersionAt("/build/version"), { kind: "health", pointer: "/build/version" });
  assert.deepEqual(parseVersionAt("https://[::1]:8443/v?a=b#/0/version"), {
    kind: "url",
    url: "https://[::1]:8443/v?a=b",
    pointer: "/0/version",
  });
});

Deno.test("parseVersionAt() refuses other texts, as its schema does", () => {
  const bad = ["", "version", "/a~2", "http://a/b", "http://a/b#version", "http://u:p@a/#/v"];
  for (const text of [...bad, "ftp://a/#/v", "http://a b/#/v", "http://#/v"]) {
    assert.throws(() => parseVersionAt(text), InvalidInputError, text);
  }
  for (const text of bad) assert.equal(v.safeParse(versionAt(), text).success, false, text);
});

Deno.test("parseVersionHeader() does not repeat what it refuses", () => {
  assert.throws(
    () => parseVersionHeader("X-API-Key=hunter2"),
    (error: Error) => error instanceof InvalidInputError && !error.message.includes("hunter2"),
  );
  for (const text of ["X Key=env:A", "X=env:", "X=file:relative", "=env:A", "X=env:A\nB=env:C"]) {
    assert.throws(() => parseVersionHeader(text), InvalidInputError, text);
  }
});

Deno.test("parseHealthUrl() takes none and URLs without credentials", () => {
  assert.equal(parseHealthUrl("none"), undefined);
  assert.equal(parseHealthUrl("http://[::1]:7443/healthz"), "http://[::1]:7443/healthz");
  for (const text of ["", "None", "http://", "http://u:p@host/", "file:///etc/passwd"]) {
    assert.throws(() => parseHealthUrl(text), InvalidInputError, text);
  }
});

Deno.test("permissionsOfProbe() names both hosts, and the secret's place only when it is sent", () => {
  const version_header = "X-API-Key=file:/etc/atp/key";
  const both = permissionsOfProbe({
    health: "http://localhost/healthz",
    version_at: "http://127.0.0.1/v#/version",
    version_header,
  });
  assert.deepEqual(both.connect, ["localhost:80", "127.0.0.1:80"]);
  assert.deepEqual(both.read, ["/etc/atp/key"]);
  const one = permissionsOfProbe({
    health: "https://[::1]/healthz",
    version_at: "process",
    version_header,
  });
  assert.deepEqual(one.connect, ["[::1]:443"]);
  assert.deepEqual(one.read, []);
  const byName = permissionsOfProbe({
    health: "http://a:1/",
    version_at: "/version",
    version_header: "X=env:KEY",
  });
  assert.deepEqual(byName.env, ["KEY"]);
});
