/**
 * The laws that the operations on sets obey, on sets from a small world whose entries reach each other
 * often. Two sets are the same where each covers the other, and so have one digest.
 *
 * @module
 */
import * as fc from "fast-check";
import assert from "node:assert/strict";
import { anySet } from "./any_set_test.ts";
import { covers } from "./covers.ts";
import { digestOf } from "./digest.ts";
import { intersect } from "./intersect.ts";
import { isEmpty } from "./is_empty.ts";
import { minus } from "./minus.ts";
import { normalise } from "./normalise.ts";
import { none, type Permissions, permissions } from "./permissions.ts";
import { union } from "./union.ts";

type Sets = readonly [Permissions, Permissions, Permissions];

function law(name: string, holds: (...sets: Sets) => boolean | void): void {
  Deno.test(name, () => {
    fc.assert(fc.property(anySet, anySet, anySet, (...sets) => holds(...sets)), { numRuns: 300 });
  });
}

/** Each covers the other; digests say the same. */
function assertSame(a: Permissions, b: Permissions): void {
  const missing = { left: minus(b, a), right: minus(a, b) };
  assert.ok(isEmpty(missing.left) && isEmpty(missing.right), JSON.stringify(missing));
  assert.equal(digestOf(a), digestOf(b));
}

const reaches = (a: Permissions, b: Permissions) => covers(a, b).covered;

law("union() is associative, commutative and idempotent, and nothing adds nothing", (a, b, c) => {
  assertSame(union(a, union(b, c)), union(union(a, b), c));
  assertSame(union(a, b), union(b, a));
  assertSame(union(a, a), a);
  assert.deepEqual(union(a, none), union(a));
});

law("union() is the narrowest set that covers both", (a, b, c) => {
  assert.ok(reaches(union(a, b), a) && reaches(union(a, b), b));
  assert.equal(reaches(c, union(a, b)), reaches(c, a) && reaches(c, b));
});

law(
  "intersect() is associative, commutative and idempotent, and nothing meets nothing",
  (a, b, c) => {
    assertSame(intersect(a, intersect(b, c)), intersect(intersect(a, b), c));
    assertSame(intersect(a, b), intersect(b, a));
    assertSame(intersect(a, a), a);
    assert.deepEqual(intersect(a, none), none);
  },
);

law("intersect() is covered by both, and covers what both cover", (a, b, c) => {
  const met = intersect(a, b);
  assert.ok(reaches(a, met) && reaches(b, met));
  // What a random set has in common with both; else few would be covered.
  const common = intersect(intersect(c, a), b);
  assert.ok(reaches(met, common));
  for (const each of singles(c).filter((one) => reaches(a, one) && reaches(b, one))) {
    assert.ok(reaches(met, each), JSON.stringify(each));
  }
});

law("union() and intersect() absorb and distribute", (a, b, c) => {
  assertSame(union(a, intersect(a, b)), a);
  assertSame(intersect(a, union(a, b)), a);
  assertSame(intersect(a, union(b, c)), union(intersect(a, b), intersect(a, c)));
});

law("covers() is what union() and intersect() say it is", (a, b) => {
  const meets = reaches(intersect(a, b), b);
  assert.equal(reaches(a, b), meets);
  assert.equal(reaches(a, b), digestOf(union(a, b)) === digestOf(a));
});

law("minus() takes away what is covered, and nothing else", (a, b) => {
  const left = minus(a, b);
  assert.ok(reaches(a, left));
  assert.equal(isEmpty(left), reaches(b, a));
  for (const each of singles(left)) assert.ok(!reaches(b, each), JSON.stringify(each));
  assertSame(union(left, b), union(a, b));
  assert.ok(isEmpty(minus(a, a)));
  assert.deepEqual(minus(a, none), { ...a });
  assert.deepEqual(minus(none, a), none);
});

law("minus() goes through union() on either side", (a, b, c) => {
  assert.deepEqual(minus(union(a, b), c), union(minus(a, c), minus(b, c)));
  const once = minus(a, union(b, c));
  assert.deepEqual(once, minus(minus(a, b), c));
});

law("normalise() is idempotent, grants the same, and gives one form to sets that do", (a, b) => {
  assert.deepEqual(normalise(normalise(a)), normalise(a));
  assertSame(normalise(a), a);
  const one = reaches(a, b) && reaches(b, a);
  assert.equal(JSON.stringify(normalise(a)) === JSON.stringify(normalise(b)), one);
  for (const each of singles(normalise(a))) {
    assert.ok(!reaches(minus(normalise(a), each), each), JSON.stringify(each));
  }
});

Deno.test("the world of these laws has boxes, brokered programs, and sets that cover each other", () => {
  const sets = fc.sample(anySet, { numRuns: 2000, seed: 1 });
  const run = sets.flatMap((set) => set.run);
  const pairs = sets.slice(1).map((set, index) => [sets[index]!, set] as const);
  assert.ok(run.filter(({ box }) => box !== undefined).length > 100);
  assert.ok(run.filter(({ box, brokered }) => brokered && box === undefined).length > 100);
  assert.ok(pairs.filter(([a, b]) => intersect(a, b).run.length > 0).length > 20);
  assert.ok(pairs.filter(([a, b]) => intersect(a, b).connect.length > 0).length > 100);
});

Deno.test("intersect() meets programs part by part", () => {
  const hook = (program: string, more: object) => ({
    run: [{ program, args: [], env: [], brokered: true as const, ...more }],
  });
  const a = permissions(hook("/srv/*/hook", {
    args: ["a*", "**"],
    env: ["A", "B"],
    box: { read: ["/etc"], write: ["/srv/x"], network: true },
  }));
  const b = permissions(hook("/srv/1.0/hook", {
    args: ["*", "b/*"],
    env: ["B", "C"],
    box: { read: ["/srv", "/etc/b"], write: [], network: false },
  }));
  assert.deepEqual(intersect(a, b).run, [{
    program: "/srv/1.0/hook",
    args: ["a*", "b/*"],
    env: ["B"],
    brokered: true,
    box: { read: ["/srv/x", "/etc/b"], write: [], network: false },
  }]);
  assert.deepEqual(intersect(a, permissions(hook("/opt/1.0/hook", { args: ["a"] }))), none);
});

/** One set an entry. */
function singles(set: Permissions): Permissions[] {
  return Object.entries(set).flatMap(([kind, entries]) =>
    (entries as readonly unknown[]).map((entry) => permissions({ [kind]: [entry] }))
  );
}
