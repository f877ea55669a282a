import assert from "node:assert/strict";
import * as fc from "fast-check";
import { RefusedError } from "../errors.ts";
import { anySet } from "./any_set_test.ts";
import { denoFlags } from "./deno_flags.ts";
import { none, type Permissions, permissions } from "./permissions.ts";

const flags = (parts: Partial<Permissions>, programs: Record<string, string> = {}) =>
  denoFlags(permissions(parts), { programs });

Deno.test("denoFlags() gives no flag for what is empty", () => {
  assert.deepEqual(denoFlags(none, { programs: {} }), []);
});

Deno.test("denoFlags() lists what it grants", () => {
  assert.deepEqual(
    flags({
      read: ["/a", "/a/b", "/a"],
      write: ["/w"],
      connect: ["example.com:443", "[::1]:80"],
      listen: ["127.0.0.1:0"],
      env: ["HOME", "A_1"],
      sys: ["statfs"],
      run: [{ program: "ln", args: [], env: [] }, { program: "/opt/x", args: [], env: [] }],
    }, { ln: "/usr/bin/ln" }),
    [
      "--allow-read=/a,/a/b",
      "--allow-write=/w",
      "--allow-net=example.com:443,[::1]:80,127.0.0.1:0",
      "--allow-env=HOME,A_1",
      "--allow-sys=statfs",
      "--allow-run=/usr/bin/ln,/opt/x",
    ],
  );
});

Deno.test("denoFlags() gives a Unix socket the three rights that it needs", () => {
  assert.deepEqual(flags({ connect: ["unix:/run/s.sock"] }), [
    "--allow-read=/run/s.sock",
    "--allow-write=/run/s.sock",
    "--allow-net=unix:/run/s.sock",
  ]);
});

Deno.test("denoFlags() gives no flag for a brokered program", () => {
  assert.deepEqual(flags({ run: [{ program: "/x/*/y", args: [], env: [], brokered: true }] }), []);
});

Deno.test("denoFlags() refuses what a flag would read as something else", () => {
  const bad: Partial<Permissions>[] = [
    { read: ["/a,/etc"] },
    { read: [""] },
    { read: ["relative"] },
    { write: ["/a/../etc"] },
    { write: ["/a\n/b"] },
    { connect: ["a,b"] },
    { connect: ["0.0.0.0/0"] },
    { connect: ["*"] },
    { connect: ["[1::g]"] },
    { connect: [""] },
    { connect: ["unix:relative"] },
    { listen: ["unix:/a,b"] },
    { env: ["A*"] },
    { env: ["A,B"] },
    { env: [""] },
    { sys: ["statfs,hostname"] },
    { run: [{ program: "ln", args: [], env: [] }] },
    { run: [{ program: "constructor", args: [], env: [] }] },
    { run: [{ program: "/usr/../bin/sh", args: [], env: [] }] },
  ];
  for (const parts of bad) {
    assert.throws(() => flags(parts), RefusedError, JSON.stringify(parts));
  }
});

Deno.test("denoFlags() never leaves a flag without a list", () => {
  fc.assert(
    fc.property(anySet, (set) => {
      const programs = { ln: "/usr/bin/ln", systemctl: "/usr/bin/systemctl" };
      for (const flag of denoFlags(set, { programs })) {
        assert.match(flag, /^--allow-(read|write|net|env|sys|run)=[^,]+(,[^,]+)*$/);
      }
    }),
  );
});
