import * as fc from "fast-check";
import assert from "node:assert/strict";
import { anySet } from "./any_set_test.ts";
import { covers } from "./covers.ts";
import { minus } from "./minus.ts";
import { none, type Permissions, permissions } from "./permissions.ts";
import { union } from "./union.ts";

const covered = (ceiling: Partial<Permissions>, set: Partial<Permissions>) =>
  covers(permissions(ceiling), permissions(set)).covered;

Deno.test("covers() is reflexive", () => {
  fc.assert(fc.property(anySet, (set) => covers(set, set).covered));
});

Deno.test("covers() is transitive", () => {
  fc.assert(
    fc.property(anySet, anySet, anySet, (a, b, c) => {
      // Few random sets cover each other: build a chain, then forget how it was built.
      const middle = minus(union(b, c), minus(union(b, c), a));
      const inner = minus(c, minus(c, middle));
      return covers(a, middle).covered && covers(middle, inner).covered && covers(a, inner).covered;
    }),
  );
});

Deno.test("covers() is transitive over single entries", () => {
  fc.assert(
    fc.property(fc.array(anySet, { minLength: 3, maxLength: 5 }), (sets) => {
      const all = singles(union(...sets));
      for (const a of all) {
        for (const b of all.filter((set) => covers(a, set).covered)) {
          for (const c of all.filter((set) => covers(b, set).covered)) {
            assert.ok(covers(a, c).covered, JSON.stringify([a, b, c]));
          }
        }
      }
    }),
    { numRuns: 50 },
  );
});

Deno.test("union() covers each of its parts", () => {
  fc.assert(
    fc.property(anySet, anySet, (a, b) => {
      const both = union(a, b);
      return covers(both, a).covered && covers(both, b).covered;
    }),
  );
});

Deno.test("minus() leaves what together with the ceiling covers the set", () => {
  fc.assert(
    fc.property(anySet, anySet, (ceiling, set) => {
      return covers(union(ceiling, minus(set, ceiling)), set).covered;
    }),
  );
});

Deno.test("covers() compares paths by segments", () => {
  assert.ok(covered({ read: ["/srv/a"] }, { read: ["/srv/a", "/srv/a/b"] }));
  assert.ok(covered({ read: ["/"] }, { read: ["/etc"] }));
  assert.ok(!covered({ read: ["/srv/a"] }, { read: ["/srv/ab"] }));
  assert.ok(!covered({ read: ["/srv/a"] }, { read: ["/srv"] }));
  assert.ok(!covered({ read: ["/srv"] }, { write: ["/srv"] }));
});

Deno.test("covers() does not follow '..', '.' or empty segments", () => {
  for (const way of ["/srv/../etc", "/srv/./../etc", "/srv//x", "/srv/x/", "srv/x", "/srv/x\n"]) {
    assert.ok(!covered({ read: ["/srv", "/"] }, { read: [way] }), way);
  }
});

Deno.test("covers() reads hosts as Deno does", () => {
  assert.ok(covered({ connect: ["localhost"] }, { connect: ["localhost:80", "localhost"] }));
  assert.ok(!covered({ connect: ["localhost:80"] }, { connect: ["localhost"] }));
  assert.ok(!covered({ connect: ["localhost:80"] }, { connect: ["localhost:8080"] }));
  const wild = { connect: ["*.example.com"] };
  assert.ok(covered(wild, { connect: ["example.com", "a.b.example.com:443", "*.b.example.com"] }));
  assert.ok(!covered(wild, { connect: ["badexample.com"] }));
  assert.ok(!covered({ connect: ["a.example.com"] }, { connect: ["*.example.com"] }));
  assert.ok(!covered({ connect: ["*.0.0.1"] }, { connect: ["127.0.0.1"] }));
  assert.ok(covered({ connect: ["[::1]"] }, { connect: ["[::1]:80"] }));
  assert.ok(covered({ connect: ["unix:/run/x"] }, { connect: ["unix:/run/x/y.sock"] }));
  assert.ok(!covered({ connect: ["unix:/run/x"] }, { connect: ["unix:/run/xy.sock"] }));
  assert.ok(!covered({ connect: ["localhost"] }, { listen: ["localhost:80"] }));
});

Deno.test("covers() takes names of variables literally", () => {
  assert.ok(covered({ env: ["ATP_ROOT"] }, { env: ["ATP_ROOT"] }));
  assert.ok(!covered({ env: ["ATP_*"] }, { env: ["ATP_ROOT"] }));
  assert.ok(!covered({ env: ["ATP"] }, { env: ["ATP_ROOT"] }));
});

Deno.test("covers() names what is missing, and nothing else", () => {
  const judged = covers(
    permissions({ read: ["/srv"], env: ["A"] }),
    permissions({ read: ["/srv/a", "/etc"], env: ["A"] }),
  );
  assert.deepEqual(judged, { covered: false, missing: { ...none, read: ["/etc"] } });
});

Deno.test("covers() asks a program for the same name, shape, variables and way of starting", () => {
  const run = (args: string[], more: object = {}) => ({
    run: [{ program: "systemctl", args, env: [] as string[], ...more }],
  });
  assert.ok(covered(run(["restart", "atp-*"]), run(["restart", "atp-router"])));
  assert.ok(covered(run(["restart", "atp-*"]), run(["restart", "atp-r*"])));
  assert.ok(covered(run(["**"]), run(["restart", "*"])));
  assert.ok(covered(run(["a", "**"]), run(["a", "*", "**"])));
  assert.ok(!covered(run(["a", "*", "**"]), run(["a", "**"])));
  assert.ok(!covered(run(["a", "*"]), run(["a", "**"])));
  assert.ok(!covered(run(["restart", "atp-*"]), run(["restart", "*"])));
  assert.ok(!covered(run(["restart", "*"]), run(["restart"])));
  assert.ok(!covered(run(["atp-router"]), run(["atp-*"])));
  assert.ok(covered(run([], { env: ["A", "B"] }), run([], { env: ["B"] })));
  assert.ok(!covered(run([], { env: ["A"] }), run([], { env: ["B"] })));
  assert.ok(!covered(run([]), run([], { brokered: true })));
  assert.ok(!covered(run([], { brokered: true }), run([])));
});

Deno.test("covers() lets '*' stand for a segment in a brokered path only", () => {
  const hook = (program: string, brokered: boolean) => ({
    run: [{ program, args: [], env: [], ...(brokered ? { brokered } as const : {}) }],
  });
  assert.ok(covered(hook("/srv/*/hook", true), hook("/srv/1.0/hook", true)));
  assert.ok(covered(hook("/srv/*/hook", true), hook("/srv/*/hook", true)));
  assert.ok(!covered(hook("/srv/*/hook", true), hook("/srv/a/b/hook", true)));
  assert.ok(!covered(hook("/srv/*/hook", true), hook("/srv/../hook", true)));
  assert.ok(!covered(hook("/srv/1.0/hook", true), hook("/srv/*/hook", true)));
  assert.ok(!covered(hook("/srv/*/hook", false), hook("/srv/1.0/hook", false)));
});

/** One set an entry. */
function singles(set: Permissions): Permissions[] {
  return Object.entries(set).flatMap(([kind, entries]) =>
    (entries as readonly unknown[]).map((entry) => permissions({ [kind]: [entry] }))
  );
}
