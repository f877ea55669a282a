import * as fc from "fast-check";
import assert from "node:assert/strict";
import { anySet } from "./any_set_test.ts";
import { covers } from "./covers.ts";
import { digestOf } from "./digest.ts";
import { normalise } from "./normalise.ts";
import { type Permissions, permissions } from "./permissions.ts";
import { union } from "./union.ts";

Deno.test("normalise() grants the same, in both directions", () => {
  fc.assert(
    fc.property(anySet, (set) => {
      const normal = normalise(set);
      return covers(normal, set).covered && covers(set, normal).covered;
    }),
  );
});

Deno.test("normalise() changes nothing the second time", () => {
  fc.assert(
    fc.property(anySet, (set) => assert.deepEqual(normalise(normalise(set)), normalise(set))),
  );
});

Deno.test("digestOf() does not see order and repetition", () => {
  fc.assert(
    fc.property(anySet, (set) => {
      assert.equal(digestOf(union(reversed(set), set)), digestOf(set));
    }),
  );
});

Deno.test("digestOf() tells sets apart that grant different things", () => {
  fc.assert(
    fc.property(anySet, anySet, (a, b) => {
      const same = covers(a, b).covered && covers(b, a).covered;
      assert.equal(digestOf(a) === digestOf(b), same);
    }),
  );
});

Deno.test("normalise() drops what a listed parent reaches and spells hosts one way", () => {
  const set = permissions({ read: ["/srv/a", "/srv", "/srv"], connect: ["B.example:80", "a:1"] });
  assert.deepEqual(normalise(set).read, ["/srv"]);
  assert.deepEqual(normalise(set).connect, ["a:1", "b.example:80"]);
});

Deno.test("normalise() spells an address one way", () => {
  const connect = ["[0:0::1]:80", "[::1]:80", "[::FFFF:127.0.0.1]", "127.0.0.1", "[1::g]"];
  assert.deepEqual(normalise(permissions({ connect })).connect, [
    "127.0.0.1",
    "[1::g]",
    "[::1]:80",
  ]);
});

function reversed(set: Permissions): Permissions {
  return {
    read: set.read.toReversed(),
    write: set.write.toReversed(),
    connect: set.connect.toReversed(),
    listen: set.listen.toReversed(),
    env: set.env.toReversed(),
    sys: set.sys.toReversed(),
    run: set.run.map((grant) => ({ ...grant, env: grant.env.toReversed() })).toReversed(),
  };
}
