// flags: none
import assert from "node:assert/strict";
import { allows, attemptOf, type AttemptPlace, entryAllows, isSecretive } from "./attempt.ts";
import { permissions } from "./permissions.ts";

const place: AttemptPlace = { cwd: "/home/op", tmp: "/tmp" };

function of(permission: string, value: string | null, where: AttemptPlace = place) {
  return attemptOf({ permission, value, seconds: [0], count: 1 }, where);
}

Deno.test("attemptOf() makes paths absolute and takes the dots out", () => {
  const cases: readonly [string, string][] = [
    ["/srv/a", "/srv/a"],
    ["/srv/../etc/shadow", "/etc/shadow"],
    ["/srv//a/./b/", "/srv/a/b"],
    ["a/b", "/home/op/a/b"],
    ["../../etc/passwd", "/etc/passwd"],
    ["", "/home/op"],
    ["<TMP>", "/tmp"],
  ];
  for (const [value, path] of cases) assert.deepEqual(of("read", value), { kind: "read", path });
});

Deno.test("attemptOf() does not guess where a process stood", () => {
  for (const value of ["a", "../a", "<TMP>"]) {
    const kind = of("write", value, {});
    assert.deepEqual(kind, { kind: "unclear", permission: "write", value });
    assert.ok(!allows(permissions({ write: ["/"], read: ["/"] }), kind));
  }
});

Deno.test("attemptOf() reads addresses as host and port, and repeats nothing else of them", () => {
  const cases: readonly [string, string, boolean][] = [
    ["127.0.0.1:80", "127.0.0.1:80", false],
    ["Example.COM:443", "example.com:443", false],
    ["[::1]:8080", "[::1]:8080", false],
    ["http://example.com/x", "example.com:80", false],
    ["wss://example.com/x", "example.com:443", false],
    ["https://me:hunter2@example.com:8443/x", "example.com:8443", true],
    ["https://example.com/?token=hunter2", "example.com:443", true],
    ["http://[::1]:9/x", "[::1]:9", false],
    ["unix:/run/S.sock", "unix:/run/S.sock", false],
  ];
  for (const [value, endpoint, secretive] of cases) {
    assert.deepEqual(of("net", value), { kind: "net", endpoint });
    assert.equal(isSecretive({ permission: "net", value, seconds: [0], count: 1 }), secretive);
  }
});

Deno.test("allows() takes a grant in the way that Deno does", () => {
  const set = permissions({
    read: ["/srv"],
    connect: ["example.com:443", "unix:/run/s.sock"],
    listen: ["127.0.0.1:0"],
    env: ["HOME"],
    sys: ["uid"],
  });
  const allowed: readonly [string, string][] = [
    ["read", "/srv/a"],
    ["net", "example.com:443"],
    ["net", "https://example.com/x"],
    ["net", "127.0.0.1:0"],
    ["net", "unix:/run/s.sock"],
    // A socket is granted as one entry, and asked for as reading, writing and connecting.
    ["read", "/run/s.sock"],
    ["write", "/run/s.sock"],
    ["env", "HOME"],
    ["sys", "uid"],
  ];
  for (const [permission, value] of allowed) assert.ok(allows(set, of(permission, value)), value);
  const refused: readonly [string, string | null][] = [
    ["write", "/srv/a"],
    ["read", "/srvx"],
    ["read", "/srv/../etc/shadow"],
    ["read", null],
    ["net", "http://example.com/x"],
    ["net", null],
    ["env", "HOMER"],
    ["env", null],
    ["sys", "gid"],
    ["ffi", "/srv/x.so"],
    ["import", "example.com:443"],
    ["run", "/usr/bin/ln"],
  ];
  for (const [permission, value] of refused) {
    assert.ok(!allows(set, of(permission, value)), `${permission} ${value}`);
  }
});

Deno.test("entryAllows() keeps kinds apart", () => {
  assert.ok(entryAllows("connect", "localhost", of("net", "localhost:80")));
  assert.ok(entryAllows("listen", "localhost", of("net", "localhost:80")));
  assert.ok(!entryAllows("read", "/srv", of("write", "/srv")));
  assert.ok(!entryAllows("env", "uid", of("sys", "uid")));
});
