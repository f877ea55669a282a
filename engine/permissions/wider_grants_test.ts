import * as fc from "fast-check";
import assert from "node:assert/strict";
import { anySet } from "./any_set_test.ts";
import { nameOf } from "./deno_grant.ts";
import { denoGrants } from "./deno_grants.ts";
import { denoCovers } from "./test_sandbox.ts";
import { widerGrants } from "./wider_grants.ts";

const entries = (kind: "net" | "read", entry: string) =>
  widerGrants({ kind, entry }).map((grant) => grant.entry);

Deno.test("widerGrants() names the folders above a path, up to the root", () => {
  assert.deepEqual(entries("read", "/srv/a/b"), ["/srv/a", "/srv", "/"]);
  assert.deepEqual(entries("read", "/srv"), ["/"]);
  assert.deepEqual(entries("read", "/"), []);
});

Deno.test("widerGrants() names a host without its port, and the wildcards over its name", () => {
  assert.deepEqual(entries("net", "a.example.com:80"), [
    "*.a.example.com:80",
    "*.example.com:80",
    "*.com:80",
    "a.example.com",
    "*.a.example.com",
    "*.example.com",
    "*.com",
  ]);
  assert.deepEqual(entries("net", "*.example.com"), ["*.com"]);
  assert.deepEqual(entries("net", "127.0.0.1:80"), ["127.0.0.1"]);
  assert.deepEqual(entries("net", "[0::1]:80"), ["[::1]"]);
  assert.deepEqual(entries("net", "unix:/run/x/y"), []);
});

Deno.test("widerGrants() names exactly those of a set that cover an entry", () => {
  fc.assert(
    fc.property(fc.array(anySet, { maxLength: 3 }), (sets) => {
      const all = sets.flatMap((set) => denoGrants(set, { programs: {} }));
      for (const inner of all) {
        const named = new Set(widerGrants(inner).map(nameOf));
        for (const outer of all) {
          const wider = nameOf(outer) !== nameOf(inner) && denoCovers(outer, inner);
          assert.equal(named.has(nameOf(outer)), wider, JSON.stringify([outer, inner]));
        }
      }
    }),
  );
});
